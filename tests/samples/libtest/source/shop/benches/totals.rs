//! 2 benchmarks.
#![feature(test)]
extern crate test;

#[bench]
fn of_three_lines(b: &mut test::Bencher) {
    b.iter(|| shop::total(test::black_box(&[1, 2, 3])));
}

#[bench]
fn of_many_lines(b: &mut test::Bencher) {
    let lines = [1; 500];
    b.bytes = 2000;
    b.iter(|| shop::total(test::black_box(&lines)));
}
