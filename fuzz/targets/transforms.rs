//! A transform file.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use xform_core::ErrorClass;
use xform_core::transform::parse;

fuzz_target!(|input: &[u8]| {
    let path = Path::new("transforms.yaml");
    match parse(path, input) {
        Ok(file) => assert!(!file.transforms.is_empty()),
        Err(error) => {
            assert_eq!(error.class(), ErrorClass::Config, "{error}");
            let words = error.to_string();
            assert!(words.len() < 1000, "{} bytes of message", words.len());
            assert!(!words.contains(char::is_control), "{words:?}");
        }
    }
});
