// 9 benchmarks: 1 plain, 2 with arguments, 2 of a template, 1 of a fixture with named arguments, 1 with counters, 1 that
// gives up with an error, 1 that is repeated 3 times.
#include <benchmark/benchmark.h>
#include <algorithm>
#include <vector>

static void Adds(benchmark::State& state)
{
    int sum = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(sum += 1);
}
BENCHMARK(Adds);

static void Sorts(benchmark::State& state)
{
    for (auto _ : state) {
        std::vector<int> all(state.range(0), 3);
        std::sort(all.begin(), all.end());
        benchmark::DoNotOptimize(all.data());
    }
}
BENCHMARK(Sorts)->Arg(8)->Arg(64);

template <class T> static void Grows(benchmark::State& state)
{
    for (auto _ : state) {
        std::vector<T> all;
        for (int i = 0; i < 10; i++)
            all.push_back(T());
        benchmark::DoNotOptimize(all.data());
    }
}
BENCHMARK_TEMPLATE(Grows, int);
BENCHMARK_TEMPLATE(Grows, double);

class Till : public benchmark::Fixture
{
};
BENCHMARK_DEFINE_F(Till, Pays)(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(state.range(0) * state.range(1));
}
BENCHMARK_REGISTER_F(Till, Pays)->ArgNames({"price", "count"})->Args({3, 10})->Threads(2)->Unit(benchmark::kMicrosecond);

static void Copies(benchmark::State& state)
{
    std::vector<char> from(1024), to(1024);
    for (auto _ : state)
        std::copy(from.begin(), from.end(), to.begin());
    state.SetBytesProcessed(state.iterations() * 1024);
    state.SetItemsProcessed(state.iterations());
    state.counters["boxes"] = 7;
    state.SetLabel("one box");
}
BENCHMARK(Copies);

static void Weighs(benchmark::State& state)
{
    state.SkipWithError("there is no scale");
    for (auto _ : state) {
    }
}
BENCHMARK(Weighs);

static void Repeats(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(&state);
}
BENCHMARK(Repeats)->Repetitions(3);

BENCHMARK_MAIN();
