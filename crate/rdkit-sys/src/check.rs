//! Checking one transform.

use crate::review::{Finding, findings};
use crate::transform::{TransformSpec, compile, ffi};
use crate::{CompileError, KernelError};

/// RDKit's interpretation of a transform, and what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformInfo {
    /// Number of product templates, at least 1.
    pub product_templates: usize,
    /// By atom of the reactant template: whether the transform changes or removes it.
    pub changed_atoms: Vec<bool>,
    /// Warnings of RDKit's validation of the reaction, in its words.
    pub warnings: Vec<String>,
    /// What a review of the templates finds.
    pub findings: Vec<Finding>,
}

/// Checks a transform without keeping it.
///
/// # Errors
/// [`CompileError::Smirks`], [`CompileError::QuerySmarts`] and [`CompileError::NotSmarts`] explain what is wrong with
/// the text.
pub fn check_transform(spec: &TransformSpec) -> Result<TransformInfo, CompileError> {
    let transform = compile(spec)?;
    let changed = ffi::changed_template_atoms(&transform).map_err(KernelError::from)?;
    Ok(TransformInfo {
        product_templates: ffi::product_template_count(&transform).map_err(KernelError::from)?,
        changed_atoms: changed.into_iter().map(|flag| flag != 0).collect(),
        warnings: ffi::validation_warnings(&transform).map_err(KernelError::from)?,
        findings: findings(&transform)?,
    })
}
