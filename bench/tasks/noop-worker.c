/* Speaks the worker protocol, docs/protocol.md, and answers 0 to every point, whose numbers it reads all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  static char line[1 << 20];
  if (!fgets(line, sizeof line, stdin)) return 1;
  puts("{\"ready\":1}");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    double sum = 0;
    char *at = strstr(line, "\"x\":[") + 5;
    for (char *end; *at != ']'; at = *end == ',' ? end + 1 : end) sum += strtod(at, &end);
    printf("{\"id\":%ld,\"value\":%.17g}\n", strtol(strstr(line, "\"id\":") + 5, NULL, 10), 0 * sum);
    fflush(stdout);
  }
}
