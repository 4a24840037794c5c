//! A transform file.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use xform_core::ErrorClass;
use xform_core::transform::{parse, select};

fuzz_target!(|input: &[u8]| {
    let path = Path::new("transforms.yaml");
    match parse(path, input) {
        Ok(file) => {
            let all = select(&file, path, &["all".to_owned()]).expect("a file has a transform");
            assert_eq!(all, file.transforms);
        }
        Err(error) => {
            assert_eq!(error.class(), ErrorClass::Config, "{error}");
            let words = error.to_string();
            assert!(words.len() < 1000, "{} bytes of message", words.len());
            assert!(!words.contains(char::is_control), "{words:?}");
        }
    }
});
