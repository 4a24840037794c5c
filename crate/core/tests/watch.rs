//! The watch of a run's memory. It is the only test of its process: memory that other threads free between two
//! samples would hide what this one takes.

use std::sync::atomic::Ordering;

use xform_core::memory::{Counters, Watch};

#[test]
fn memory_that_is_touched_is_seen() {
    let counters = Counters::default();
    let watch = Watch::start(false);
    let touched = std::hint::black_box(vec![1_u8; 64 << 20]);
    counters.dedup.store(touched.len() as u64, Ordering::Relaxed);
    watch.finish(&counters);
    let (peak_bytes, breakdown) = watch.peak();
    assert!(peak_bytes >= watch.baseline_bytes() + (60 << 20), "{peak_bytes} {breakdown:?}");
    assert_eq!(breakdown.dedup, touched.len() as u64);
}
