//! The transforms that molecules are sent through.

use std::path::Path;

use xform_core::transform::{Transform, load};

/// One of the project's own transforms with its filters, and more complex ones: two templates, rings, stereo, a
/// limit.
///
/// # Panics
/// If the project's transforms do not load.
pub fn transforms() -> Vec<Transform> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/transforms.yaml");
    let mut transforms = load(&path).expect("the project's transforms load").transforms;
    transforms.truncate(4);
    for (name, smirks) in [
        ("two", "[C:1][O;X2:2][C:3]>>[C:1][OH].[C:3]=[O:2]"),
        ("ring", "[#6:1]@[#6:2]>>[#6:1]N[#6:2]"),
        ("stereo", "[C@:1]([*:2])([*:3])[*:4]>>[C@@:1]([*:2])([*:3])[*:4]"),
        ("any", "[*:1]>>[*+:1]"),
    ] {
        transforms.push(Transform {
            max_sites_per_mol: Some(4),
            exclude_sugar_like: true,
            ..Transform::new(name, smirks)
        });
    }
    transforms
}
