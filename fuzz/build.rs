//! Compiles the hook through which libFuzzer sees which blocks of the C++ kernel ran.

fn main() {
    cc::Build::new()
        .file("src/coverage.c")
        .opt_level(2)
        .link_lib_modifier("+whole-archive")
        .compile("xform_coverage");
    // libFuzzer has a hook of that name that does nothing; the first definition counts, and ours comes first.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,muldefs");
    println!("cargo:rerun-if-changed=src/coverage.c");
}
