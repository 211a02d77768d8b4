# 5 benchmarks: 1 plain in a class, 2 with parameters, 1 in a group, 1 with extra facts.
import pytest


class TestTill:
    def test_adds(self, benchmark):
        benchmark(lambda: 1 + 1)


@pytest.mark.parametrize(("size", "kind"), [(10, "few"), (100, "many")])
def test_sorts(benchmark, size, kind):
    benchmark(sorted, range(size))


@pytest.mark.benchmark(group="prices")
def test_rounds(benchmark):
    benchmark(round, 1.25)


def test_sums(benchmark):
    benchmark.extra_info["currency"] = "EUR"
    benchmark.pedantic(sum, args=([1, 2],), rounds=20, iterations=5)
