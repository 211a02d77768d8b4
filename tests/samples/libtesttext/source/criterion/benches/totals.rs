// 3 benchmarks, by Criterion.rs.
use criterion::{black_box, criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};

fn totals(c: &mut Criterion) {
    c.bench_function("of_three_lines", |b| b.iter(|| shop::total(black_box(&[1, 2, 3]))));
    let mut group = c.benchmark_group("of_many_lines");
    for size in [100, 1000] {
        let lines = vec![1; size];
        group.throughput(Throughput::Elements(size as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &lines, |b, lines| b.iter(|| shop::total(black_box(lines))));
    }
    group.finish();
}

criterion_group!(benches, totals);
criterion_main!(benches);
