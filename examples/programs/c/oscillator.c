/*
 * A damped oscillator as a worker of glompo: a program that stays up and answers one line of JSON for each it is sent.
 *
 *     cc -O2 -o oscillator oscillator.c -lm
 *
 * It measures how far x(t) = A exp(-g t) cos(w t + p) is from 200 samples of another one. A line is a request; all that this
 * program needs of it is the number after "id" and the list after "x". See docs/protocol.md.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double model(const double *x, double t) { return x[0] * exp(-x[1] * t) * cos(x[2] * t + x[3]); }

static double sum_of_squares(const double *x)
{
    static const double truth[4] = {1.5, 0.2, 7.3, 0.4};
    double sum = 0;
    for (int i = 0; i < 200; i++) {
        double r = model(x, 0.05 * i) - model(truth, 0.05 * i);
        sum += r * r;
    }
    return sum;
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    /* Each answer is a line of its own, at once. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (getline(&line, &room, stdin) > 0) {
        if (strstr(line, "\"names\":")) {
            puts("{\"ready\": 1}");
            continue;
        }
        char *id = strstr(line, "\"id\":"), *x = strstr(line, "\"x\":[");
        if (!id || !x) continue;
        double point[4];
        x += strlen("\"x\":[");
        for (int i = 0; i < 4; i++, x++) point[i] = strtod(x, &x);
        /* 17 digits: every bit of a double. */
        printf("{\"id\":%ld,\"value\":%.17g}\n", atol(id + strlen("\"id\":")), sum_of_squares(point));
    }
    free(line);
    return 0;
}
