/**
 * pagmo's CMA-ES and archipelago, to be measured beside glompo's.
 *
 *   g++ -O2 -std=c++17 -I/usr/include/eigen3 pagmo.cpp -o pagmo -lpagmo -ltbb -lboost_serialization -lpthread
 *
 *   pagmo cma-es N EVALUATIONS SEED       microseconds of the algorithm an evaluation, the objective's own taken off, and these, as JSON
 *   pagmo archipelago N EVALUATIONS SEED  evaluations a second, as JSON, of an archipelago of two islands, CMA-ES with a population of 12 on Rastrigin's function
 */
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/archipelago.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/problems/rastrigin.hpp>

namespace {

/** The objective of bench/cma-es-cost.ts: waves on an ellipsoid, with the optimum well inside the unit box. */
struct waves {
    unsigned n = 2;

    pagmo::vector_double fitness(const pagmo::vector_double &x) const
    {
        double sum = 0;
        for (unsigned i = 0; i < n; i++) {
            const double d = (x[i] - 0.45) * (1 + i % 7);
            sum += d * d - 0.1 * std::cos(20 * d);
        }
        return {sum};
    }

    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const
    {
        return {pagmo::vector_double(n, 0.0), pagmo::vector_double(n, 1.0)};
    }

    template <typename Archive>
    void serialize(Archive &archive, unsigned)
    {
        archive & n;
    }
};

double now()
{
    using clock = std::chrono::steady_clock;
    return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/** Runs that end before they have converged, and no stop criterion: medians over them. */
void measure_cmaes(unsigned n, unsigned evaluations, unsigned seed)
{
    const unsigned lambda = 4 + static_cast<unsigned>(3 * std::log(n));
    const unsigned generations = std::max(1u, 250 * n / lambda);
    const unsigned each = generations * lambda;
    std::vector<double> algorithm, objective;
    double checksum = 0;
    for (unsigned run = 0; run * each < evaluations; run++) {
        const pagmo::problem problem{waves{n}};
        const pagmo::population start{problem, lambda, seed + run};
        const pagmo::algorithm cmaes{
            pagmo::cmaes(generations, -1, -1, -1, -1, 0.1, 0.0, 0.0, false, false, seed + run)};
        const double begin = now();
        const pagmo::population end = cmaes.evolve(start);
        const double total = now() - begin;
        checksum += end.champion_f()[0];

        pagmo::vector_double x = end.champion_x();
        const double first = now();
        for (unsigned i = 0; i < each; i++) {
            x[i % n] = 0.4 + 0.1 * (i & 1);
            checksum += problem.fitness(x)[0];
        }
        const double own = now() - first;
        algorithm.push_back(1e6 * (total - own) / each);
        objective.push_back(1e6 * own / each);
    }
    std::printf("{\"micros\": %.4f, \"objective\": %.4f}\n", median(algorithm), median(objective));
    if (std::isnan(checksum)) std::fprintf(stderr, "a value was NaN\n");
}

void measure_archipelago(unsigned n, unsigned evaluations, unsigned seed)
{
    const unsigned islands = 2, lambda = 12;
    const unsigned generations = std::max(1u, evaluations / (islands * lambda));
    pagmo::archipelago archipelago{islands,
                                   pagmo::cmaes(generations, -1, -1, -1, -1, 0.5, 0.0, 0.0, false, true, seed),
                                   pagmo::problem{pagmo::rastrigin(n)}, lambda, seed};
    const double begin = now();
    archipelago.evolve();
    archipelago.wait_check();
    std::printf("{\"rate\": %.0f}\n", islands * generations * lambda / (now() - begin));
}

} // namespace

int main(int count, char **arguments)
{
    if (count == 5) {
        const auto number = [&](int i) { return static_cast<unsigned>(std::strtoul(arguments[i], nullptr, 10)); };
        if (std::strcmp(arguments[1], "cma-es") == 0 && number(2) > 1) {
            measure_cmaes(number(2), number(3), number(4));
            return 0;
        }
        if (std::strcmp(arguments[1], "archipelago") == 0 && number(2) > 0) {
            measure_archipelago(number(2), number(3), number(4));
            return 0;
        }
    }
    std::fprintf(stderr, "usage: pagmo cma-es|archipelago N EVALUATIONS SEED\n");
    return 2;
}
