//! Compiling one transform.

use cxx::UniquePtr;

use crate::{CompileError, KernelError, PatternFault};

#[cxx::bridge(namespace = "xform")]
pub(crate) mod ffi {
    // Options do not cross the bridge, so each has an additional flag.
    struct TransformSpec<'a> {
        smirks: &'a str,
        query_smarts: &'a str,
        has_query_smarts: bool,
        not_smarts: &'a [String],
        max_sites: u32,
        has_max_sites: bool,
        exclude_sugar_like: bool,
        explicit_hydrogens: bool,
    }

    #[derive(Debug)]
    enum FaultPart {
        None,
        Smirks,
        QuerySmarts,
        NotSmarts,
    }

    struct Fault {
        part: FaultPart,
        // Of not_smarts.
        entry: usize,
        reason: String,
        has_position: bool,
        position: usize,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/transform.h");

        type Transform;

        fn compile_transform(spec: &TransformSpec, fault: &mut Fault) -> Result<UniquePtr<Transform>>;
        fn product_template_count(transform: &Transform) -> Result<usize>;
        fn changed_template_atoms(transform: &Transform) -> Result<Vec<u8>>;
        fn validation_warnings(transform: &Transform) -> Result<Vec<String>>;
        fn why_no_edit(transform: &Transform) -> Result<String>;
    }
}

/// A transform as its author wrote it.
#[derive(Debug, Clone, Copy, Default)]
pub struct TransformSpec<'a> {
    /// One reactant template, one or more product templates.
    pub smirks: &'a str,
    /// Where the transform may act; shared map numbers tie it to the reactant template.
    pub query_smarts: Option<&'a str>,
    /// Where the transform must not act, tied in the same way.
    pub not_smarts: &'a [String],
    /// Sites used per molecule; `None` for no limit.
    pub max_sites: Option<u32>,
    /// Whether sites in sugars are left out.
    pub exclude_sugar_like: bool,
    /// Whether parents get their hydrogens as atoms before the transform is applied.
    pub explicit_hydrogens: bool,
}

impl<'a> TransformSpec<'a> {
    /// A transform without filters.
    pub fn new(smirks: &'a str) -> Self {
        Self { smirks, ..Self::default() }
    }

    fn to_ffi(self) -> ffi::TransformSpec<'a> {
        ffi::TransformSpec {
            smirks: self.smirks,
            query_smarts: self.query_smarts.unwrap_or_default(),
            has_query_smarts: self.query_smarts.is_some(),
            not_smarts: self.not_smarts,
            max_sites: self.max_sites.unwrap_or_default(),
            has_max_sites: self.max_sites.is_some(),
            exclude_sugar_like: self.exclude_sugar_like,
            explicit_hydrogens: self.explicit_hydrogens,
        }
    }
}

/// Why the transform's products are not made by edits of the parent; `None` if they are. Even then a single site may take
/// the plain path, if it cannot be proved that an edit gives the same.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform).
pub fn plain_because(spec: &TransformSpec) -> Result<Option<String>, CompileError> {
    let reason = ffi::why_no_edit(&*compile(spec)?).map_err(KernelError::from)?;
    Ok(Some(reason).filter(|reason| !reason.is_empty()))
}

/// Compiles a transform for the calling thread. Never null.
pub(crate) fn compile(spec: &TransformSpec) -> Result<UniquePtr<ffi::Transform>, CompileError> {
    let mut fault = ffi::Fault {
        part: ffi::FaultPart::None,
        entry: 0,
        reason: String::new(),
        has_position: false,
        position: 0,
    };
    let transform = ffi::compile_transform(&spec.to_ffi(), &mut fault).map_err(KernelError::from)?;
    let pattern =
        PatternFault { reason: fault.reason, position: fault.has_position.then_some(fault.position) };
    match fault.part {
        ffi::FaultPart::Smirks => Err(CompileError::Smirks(pattern)),
        ffi::FaultPart::QuerySmarts => Err(CompileError::QuerySmarts(pattern)),
        ffi::FaultPart::NotSmarts => Err(CompileError::NotSmarts(fault.entry, pattern)),
        _ if transform.is_null() => {
            Err(KernelError("compiling gave neither a transform nor a fault".to_owned()).into())
        }
        _ => Ok(transform),
    }
}
