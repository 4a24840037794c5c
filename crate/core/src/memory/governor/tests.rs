use proptest::prelude::*;

use super::*;

const MIB: u64 = 1 << 20;

/// A governor with a target of 1,000 MiB and budgets of 32 MiB, which receives a usage every 100 ms.
struct Told {
    governor: Governor,
    now: Instant,
}

impl Told {
    fn new() -> Self {
        let governor = Governor { groups: vec![], ..Governor::new(1_000 * MIB, 32 * MIB) };
        Self { governor, now: Instant::now() }
    }

    /// Budgets in bytes: input, output.
    fn tell(&mut self, cause: Cause, used_mib: u64) -> (u64, u64) {
        self.now += Duration::from_millis(100);
        let reading = Reading { cause, used_bytes: used_mib * MIB, limit_bytes: 1_000 * MIB };
        let Budgets { input_bytes, output_bytes } = self.governor.decide(reading, self.now);
        (input_bytes, output_bytes)
    }

    fn process(&mut self, used_mib: u64) -> (u64, u64) {
        self.tell(Cause::Process, used_mib)
    }
}

#[test]
fn far_from_the_target_nothing_happens() {
    let mut told = Told::new();
    for used_mib in [0, 500, 800, 899] {
        assert_eq!(told.process(used_mib), (32 * MIB, 32 * MIB));
    }
    let report =
        ThrottleReport { throttled_seconds: 0.0, throttled_reason: None, lowest_budget_bytes: 32 * MIB };
    assert_eq!(told.governor.report(), report);
    assert_eq!(told.governor.warning(1.0), None);
}

#[test]
fn near_the_target_the_reader_waits_and_budgets_halve_to_one_micro_batch() {
    let mut told = Told::new();
    let halved: Vec<u64> = (0..14).map(|_| told.process(900)).map(|(input, output)| input + output).collect();
    let expected: Vec<u64> = (1..15).map(|step| ((32 * MIB) >> step).max(ONE_MICRO_BATCH_BYTES)).collect();
    assert_eq!(halved, expected);
    assert_eq!(told.governor.report().lowest_budget_bytes, ONE_MICRO_BATCH_BYTES);
}

#[test]
fn between_the_marks_budgets_stay_and_the_reader_goes_on() {
    let mut told = Told::new();
    told.process(950);
    told.process(950);
    for used_mib in [899, 850, 801] {
        assert_eq!(told.process(used_mib), (8 * MIB, 8 * MIB));
    }
}

#[test]
fn with_room_again_budgets_double_back_to_the_full() {
    let mut told = Told::new();
    for _ in 0..20 {
        told.process(1_200);
    }
    let doubled: Vec<u64> = (0..13).map(|_| told.process(800).0).collect();
    let expected: Vec<u64> = (1..14).map(|step| (ONE_MICRO_BATCH_BYTES << step).min(32 * MIB)).collect();
    assert_eq!(doubled, expected);
}

#[test]
fn the_report_says_how_long_and_why() {
    let mut told = Told::new();
    told.process(950); // from here on below the full size
    told.tell(Cause::ControlGroup, 950);
    told.tell(Cause::ControlGroup, 850);
    told.process(700); // 16 MiB
    told.process(700); // full
    told.process(700);
    let report = told.governor.report();
    assert!((report.throttled_seconds - 0.4).abs() < 1e-6, "{report:?}");
    assert_eq!(report.throttled_reason, Some(Cause::ControlGroup));
    assert_eq!(report.lowest_budget_bytes, 8 * MIB);

    let warning = told.governor.warning(10.0).unwrap();
    assert!(warning.contains("0.4 of 10.0 s because its control group"), "{warning}");
    assert_eq!(told.governor.warning(100.0), None, "less than 1 % of the run");
}

#[test]
fn what_is_nearest_to_its_limit_decides() {
    let governor = Governor { groups: vec![], ..Governor::new(1_000 * MIB, 32 * MIB) };
    assert_eq!(governor.observe(100 * MIB).input_bytes, 32 * MIB);
    assert_eq!(governor.observe(901 * MIB).input_bytes, 0);

    let group = |used: u64| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: u64| std::fs::write(folder.path().join(name), bytes.to_string());
        write("memory.max", 200 * MIB).unwrap();
        write("memory.current", used).unwrap();
        let governor = Governor {
            groups: vec![ControlGroup::fixture(folder.path())],
            ..Governor::new(1_000 * MIB, 32 * MIB)
        };
        (governor.observe(100 * MIB).input_bytes, governor.lock().cause)
    };
    assert_eq!(group(179 * MIB), (32 * MIB, None));
    assert_eq!(group(181 * MIB), (0, Some(Cause::ControlGroup)));
}

proptest! {
    #[test]
    fn budgets_stay_between_one_micro_batch_and_the_full(shares in prop::collection::vec(0_u64..2_000, 0..200)) {
        let mut told = Told::new();
        for used_mib in shares {
            let (input, output) = told.process(used_mib);
            prop_assert!((ONE_MICRO_BATCH_BYTES..=32 * MIB).contains(&output));
            prop_assert_eq!(input, if used_mib >= 900 { 0 } else { output });
        }
        for _ in 0..12 {
            told.process(100);
        }
        prop_assert_eq!(told.process(100), (32 * MIB, 32 * MIB));
    }
}
