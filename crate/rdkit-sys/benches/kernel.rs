//! Times the steps of the kernel on one thread; `npm run bench:kernel` runs it and explains the figures.

mod steps;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

use steps::{Rows, steps};

fn time_steps(criterion: &mut Criterion) {
    let rows = Rows::read();
    let mut group = criterion.benchmark_group("kernel");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    for step in steps() {
        let mut kernel = step.kernel();
        group.bench_function(BenchmarkId::from_parameter(step.name), |bencher| {
            bencher.iter(|| rows.run(&mut kernel));
        });
    }
    group.finish();
}

criterion_group!(benches, time_steps);
criterion_main!(benches);
