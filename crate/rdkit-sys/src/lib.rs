//! RDKit's reactions for batches of SMILES.
//!
//! The crate finds a static build of RDKit (`build.rs`), links it, and contains the C++ kernel (`kernel/`) with its
//! cxx bridge (`bridge/` and the modules here, one name per topic). It knows nothing about the pipeline. Each bridge
//! function is declared `Result`, because RDKit reports errors by exceptions, and cxx ends the process if one leaves
//! a function that is not.
//!
//! This crate exists because the published `rdkit-sys` links dynamically, binds no reactions and takes one molecule
//! per call.
//!
//! ```
//! use xform_rdkit_sys::{Batch, Kernel, Settings, TransformSpec};
//!
//! let transform = TransformSpec::new("[c:1][OX2H:2]>>[c:1][O:2]C");
//! let mut kernel = Kernel::new(&[transform], &Settings::default()).unwrap();
//! let results = kernel.run(Batch::new(b"Oc1ccccc1CCO", &[0, 9, 12])).unwrap();
//! assert_eq!(results.products.smiles, b"COc1ccccc1");
//! assert_eq!(results.products.row, [0]);
//! ```

mod alerts;
mod allocator;
mod batch;
mod canonical_smiles;
mod check;
mod crash_record;
mod description;
mod drawing;
mod edits;
mod error;
mod exit;
mod fingerprints;
mod identifier;
mod inchi;
mod mol_blocks;
mod pictures;
mod random_smiles;
mod review;
mod settings;
mod sites;
mod transform;
mod version;

pub use alerts::{AlertSpec, Alerts, CatalogInfo, alert_catalogs, alert_names};
pub use allocator::{AllocatorReport, allocate_and_free, allocator_report, is_in_mimalloc};
pub use batch::{
    Batch, BatchResults, ChargedRows, ColumnInfo, ColumnType, ColumnView, Difference, Failure, Kernel,
    KernelSetupError, Notation, ProductView, PropertyInfo, RowOutcome, RowView, Skip, Witness, code_names,
    computed_columns, count_names, declared_properties, stage_names,
};
pub use canonical_smiles::{Spelling, Spellings, canonical_spellings, product_spellings};
pub use check::{TransformInfo, check_transform};
pub use crash_record::{MAKING_AGAIN, NotedRow, noted_row};
pub use description::{TransformDescription, TransformStatement, describe};
pub use drawing::{DepictedMolecule, draw_products, draw_reaction};
pub use edits::edit_obstacles;
pub use error::{CompileError, KernelError, PatternFault};
pub use exit::{Busy, end_at_once_if_busy};
pub use fingerprints::{FINGERPRINT_WORDS, FingerprintView, Fingerprints};
pub use identifier::{Identifier, IdentityView, MoleculeIdentity};
pub use inchi::{MoleculeInchi, inchi_of};
pub use mol_blocks::{MolBlockView, MolBlocks};
pub use pictures::{PictureView, Pictures, ProductOrigin};
pub use random_smiles::{RandomSpelling, random_spellings};
pub use review::{Finding, ReviewedPattern, identity};
pub use settings::{ALERTS, Limits, MAPPED, OF_PARENT, Settings};
pub use sites::{ListedSite, SiteList, list_sites};
pub use transform::{TransformSpec, plain_because};
pub use version::{bending_variables, rdkit_version};
