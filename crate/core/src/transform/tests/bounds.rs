//! Hostile and broken files: refused quickly, in little memory, and never with a panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::faults::said;
use super::*;

/// Each level holds the one before ten times.
fn bomb(levels: usize) -> String {
    let mut text = "transforms:\n- name: a\n  smirks: &l0 x\n".to_owned();
    for level in 1..=levels {
        let aliases = vec![format!("*l{}", level - 1); 10].join(", ");
        text.push_str(&format!("- &l{level} [{aliases}]\n"));
    }
    text
}

#[test]
fn bombs_are_refused_quickly() {
    let deep =
        |open: &str, close: &str| format!("transforms: {}{}", open.repeat(200_000), close.repeat(200_000));
    let blocks: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let base =
        format!("transforms:\n- &b {{name: a, smirks: &s x, scope_classes: [{}]}}\n", "*s, ".repeat(1_000));
    let merges = format!("{base}{}", "- {<<: *b}\n".repeat(10_000));
    let merged_deep = format!("<<: {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let (lists, maps) = (deep("[", "]"), deep("{a: ", "}"));
    let too_large = "too large, with its aliases resolved";
    let too_deep = "nested more than 32 levels deep";
    for (text, reason) in [
        (&bomb(9), "expected a mapping"),
        (&bomb(30), "expected a mapping"),
        (&merges, too_large),
        (&merged_deep, too_deep),
        (&format!("version: {}", "[".repeat(200_000)), too_deep),
        (&lists, too_deep),
        (&maps, "expected a list"),
        (&blocks, "unknown key"),
        (&format!("version: [{}]", "a, ".repeat(2_000_000)), too_large),
        (&format!("transforms: [{}]", "a, ".repeat(2_000_000)), "expected a mapping"),
        (&format!("{}: 1", "a".repeat(10_000_000)), ""),
    ] {
        let start = Instant::now();
        let fault = said(read(text).unwrap_err());
        assert!(fault.reason.contains(reason), "{fault:?}");
        assert!(fault.line > 0 && fault.reason.len() < 200 && fault.key.len() < 200, "{fault:?}");
        assert!(start.elapsed() < Duration::from_secs(10), "{:?} for {fault:?}", start.elapsed());
    }
}

#[test]
fn the_deepest_nesting_fits_a_small_stack() {
    let text = format!("transforms: {}x{}", "[".repeat(31), "]".repeat(31));
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let fault = small.spawn(move || said(read(&text).unwrap_err())).unwrap().join().unwrap();
    assert!(fault.reason.contains("expected a mapping"), "{fault:?}");
}

#[test]
fn a_large_library_with_one_base_loads() {
    let transforms: String = (0..5_000).map(|i| format!("- {{<<: *base, name: t{i}}}\n")).collect();
    let text =
        format!("transforms:\n- &base {{name: a, smirks: x, scope_classes: [lipid, other]}}\n{transforms}");
    let start = Instant::now();
    assert_eq!(read(&text).unwrap().transforms.len(), 5_001);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// Pieces that YAML and the schema care about, in any order.
fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "transforms:",
        "version:",
        "defaults:",
        "name:",
        "smirks:",
        "examples:",
        "prob:",
        "in:",
        "out:",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "1",
        "-1",
        "0.5",
        "a",
        "'b'",
        "\"c\\n\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        ": ",
        "&a ",
        "*a",
        "<<: ",
        "? ",
        "| ",
        "> ",
        "!!str ",
        "!x ",
        "#",
        "~",
        "true",
        "\t",
        "%",
        "---",
        "...",
        "é",
        "\r",
        "\0",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(Path::new("t.yaml"), &bytes);
    }

    #[test]
    fn no_yaml_makes_it_panic(text in yaml_like()) {
        if let Err(error) = read(&text) {
            let fault = said(error);
            // Whoever writes the message to a terminal must not be told to ring it.
            let message = [fault.key, fault.reason, fault.suggestion].concat();
            prop_assert!(!message.contains(char::is_control));
        }
    }

    #[test]
    fn a_broken_line_of_a_good_file_makes_no_panic(cut in 0..2_000usize, with in yaml_like()) {
        let mut bytes = std::fs::read(PREDECESSOR).unwrap();
        let at = 1_700 + cut;
        bytes.splice(at..at + 5, with.bytes());
        let _ = parse(Path::new("t.yaml"), &bytes);
    }
}
