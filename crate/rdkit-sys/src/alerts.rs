//! Structural alerts: the catalogs of RDKit, and compiling a choice.

use cxx::UniquePtr;

use crate::{CompileError, KernelError, PatternFault};

#[cxx::bridge(namespace = "xform")]
pub(crate) mod ffi {
    /// A catalog of alerts in RDKit; `kernel/properties/alerts.cc` declares it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct CatalogInfo {
        /// Its name.
        name: String,
        /// What its alerts are, for the documentation.
        meaning: String,
        /// The publication or page that they are from.
        reference: String,
    }

    /// A pattern of the user.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct AlertSpec {
        /// The name by which it is listed.
        name: String,
        /// The SMARTS.
        smarts: String,
    }

    struct AlertFault {
        // Of the user's.
        alert: usize,
        reason: String,
        has_position: bool,
        position: usize,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/alerts.h");

        type Alerts;

        fn compile_alerts(
            catalogs: &[String],
            own: &[AlertSpec],
            fault: &mut AlertFault,
        ) -> Result<UniquePtr<Alerts>>;
        fn catalog_list() -> Result<Vec<CatalogInfo>>;
        fn alert_names_of(catalog: &str) -> Result<Vec<String>>;
    }
}

pub use ffi::{AlertSpec, CatalogInfo};

/// Alerts to seek in products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alerts {
    /// Names of catalogs ([`alert_catalogs`](crate::alert_catalogs)), in any order.
    pub catalogs: Vec<String>,
    /// The user's patterns, which are sought after those of the catalogs.
    pub own: Vec<AlertSpec>,
}

/// RDKit's catalogs of alerts, in the order in which their alerts are listed.
///
/// # Errors
/// If memory runs out.
pub fn alert_catalogs() -> Result<Vec<CatalogInfo>, KernelError> {
    Ok(ffi::catalog_list()?)
}

/// The names of a catalog's alerts, in its order; some catalogs have several alerts of one name.
///
/// # Errors
/// There is no catalog of this name.
pub fn alert_names(catalog: &str) -> Result<Vec<String>, KernelError> {
    Ok(ffi::alert_names_of(catalog)?)
}

/// Compiles alerts for the calling thread. Never null.
///
/// # Errors
/// [`CompileError::Alert`] for a pattern that RDKit cannot use; [`CompileError::Kernel`] for an unknown catalog.
pub(crate) fn compile_alerts(alerts: &Alerts) -> Result<UniquePtr<ffi::Alerts>, CompileError> {
    let mut fault = ffi::AlertFault { alert: 0, reason: String::new(), has_position: false, position: 0 };
    let compiled =
        ffi::compile_alerts(&alerts.catalogs, &alerts.own, &mut fault).map_err(KernelError::from)?;
    if !compiled.is_null() {
        return Ok(compiled);
    }
    let position = fault.has_position.then_some(fault.position);
    Err(CompileError::Alert(fault.alert, PatternFault { reason: fault.reason, position }))
}
