//! Builds bridge and kernel with the same sanitizers as the Rust code around them; RDKit is not instrumented.
//!
//! The runtime is LLVM's, which rustc links; GCC's instrumentation calls the same functions.

use std::env;

/// Undefined behaviour ends the process, as an address error does. `vptr` would need type information that RDKit's
/// objects and rustc's runtime lack.
const ADDRESS: &[&str] = &[
    "-fsanitize=address,undefined",
    "-fno-sanitize=vptr",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
    "-g1",
    // Reports name the right lines, and it compiles in half the time.
    "-O1",
];

/// Each block calls a function that the fuzz targets provide.
const FUZZING: &[&str] = &["-fsanitize-coverage=trace-pc"];

/// The compiler's flags for `-Zsanitizer=address` and for `--cfg fuzzing`.
pub fn flags() -> Vec<&'static str> {
    let sanitizers = env::var("CARGO_CFG_SANITIZE").unwrap_or_default();
    let mut flags = Vec::new();
    if sanitizers.split(',').any(|name| name == "address") {
        flags.extend(ADDRESS);
    }
    if env::var_os("CARGO_CFG_FUZZING").is_some() {
        flags.extend(FUZZING);
    }
    flags
}
