//! The source of C++'s memory; `bridge/allocator.h` explains it.

// Links mimalloc's object code, which C++ calls.
#[cfg(feature = "mimalloc")]
use libmimalloc_sys as _;

use crate::KernelError;

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// Which allocations come from mimalloc.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct AllocatorReport {
        /// `operator new`: true with the feature `mimalloc`.
        cxx_new_in_mimalloc: bool,
        /// A `std::string` that grew inside libstdc++: true with the feature `mimalloc`.
        libstdcxx_string_in_mimalloc: bool,
        /// `malloc`, which belongs to the rest of the process: always false.
        c_malloc_in_mimalloc: bool,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/allocator.h");

        fn allocator_report() -> Result<AllocatorReport>;
        fn is_in_mimalloc(memory: &[u8]) -> Result<bool>;
        fn allocate_and_free(bytes: usize) -> Result<()>;
    }
}

pub use ffi::AllocatorReport;

/// Allocates a little in three ways and reports which of it came from mimalloc. Safe to call at any time.
pub fn allocator_report() -> Result<AllocatorReport, KernelError> {
    Ok(ffi::allocator_report()?)
}

/// Whether `memory` came from mimalloc, so that a program can check that mimalloc is its global allocator.
pub fn is_in_mimalloc(memory: &[u8]) -> Result<bool, KernelError> {
    Ok(ffi::is_in_mimalloc(memory)?)
}

/// Allocates `bytes` with `operator new` and frees them; if that fails, it returns an error and does not abort.
pub fn allocate_and_free(bytes: usize) -> Result<(), KernelError> {
    Ok(ffi::allocate_and_free(bytes)?)
}
