//! The keys of a transform file, and the transforms that they make.

use std::collections::HashMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::entries::{Entries, without_faults};
use super::fault::{Checked, Fault, quoted};
use super::left_out::LeftOut;
use super::patterns::Patterns;
use super::place::{Place, spelling};
use super::values::{
    ApplyMode, Flag, HydrogenAtoms, Identifier, MapNumber, Molecules, Name, Pattern, PatternList,
    Probability, Products, SiteLimit, VERSION, Version, given,
};
use super::{Example, Hydrogens, Transform, TransformFile, not_smarts_key, yaml};

const APPLY_MODE: &str = "apply_mode";

/// Keys of a transform that are checked and have no effect.
pub(super) const IDLE_KEYS: [&str; 1] = [APPLY_MODE];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default, rename = "version", deserialize_with = "given")]
    _version: Option<Version>,
    defaults: Option<Defaults>,
    #[serde(default, deserialize_with = "given")]
    transforms: Option<Spanned<Entries<Entry>>>,
}

/// The keys of `defaults` that apply to transforms.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    #[serde(default, deserialize_with = "given")]
    max_sites_per_mol: Option<SiteLimit>,
    #[serde(default, deserialize_with = "given")]
    exclude_sugar_like: Option<Flag>,
    #[serde(default, deserialize_with = "given")]
    hydrogens: Option<HydrogenAtoms>,
    #[serde(default, deserialize_with = "given")]
    apply_mode: Option<ApplyMode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    #[serde(default, deserialize_with = "given")]
    name: Option<Spanned<Name>>,
    #[serde(default, deserialize_with = "given")]
    smirks: Option<Spanned<Pattern>>,
    #[serde(default, deserialize_with = "given")]
    query_smarts: Option<Spanned<Pattern>>,
    #[serde(default, deserialize_with = "given")]
    not_smarts: Option<PatternList>,
    #[serde(default, deserialize_with = "given")]
    hydrogens: Option<HydrogenAtoms>,
    code: Option<String>,
    label: Option<String>,
    legacy_rule_id: Option<Spanned<Identifier>>,
    family: Option<String>,
    scope_classes: Option<Vec<String>>,
    highlight_mapnums: Option<Vec<MapNumber>>,
    product_highlight_symbol: Option<String>,
    #[serde(default, deserialize_with = "given")]
    max_sites_per_mol: Option<SiteLimit>,
    #[serde(default, deserialize_with = "given")]
    exclude_sugar_like: Option<Flag>,
    #[serde(default, deserialize_with = "given")]
    apply_mode: Option<ApplyMode>,
    prob: Option<Probability>,
    examples: Option<Vec<Spanned<Case>>>,
}

/// An example: `in` and `out`, or `none`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    #[serde(default, rename = "in", deserialize_with = "given")]
    input: Option<Pattern>,
    #[serde(default, rename = "out", deserialize_with = "given")]
    output: Option<Products>,
    #[serde(default, deserialize_with = "given")]
    none: Option<Molecules>,
}

/// Returns the mapping to which a misplaced key belongs, if any.
fn home(key: &str) -> Option<&'static str> {
    let homes = [
        (yaml::keys::<Defaults>(), "under defaults or in a transform"),
        (yaml::keys::<Entry>(), "in a transform, under transforms"),
        (yaml::keys::<File>(), "at the top of the file"),
    ];
    homes.into_iter().find_map(|(keys, home)| keys.contains(&key).then_some(home))
}

/// The file with the content `text` and the checksum `sha256`.
pub(super) fn read(text: &str, sha256: String, left_out: &mut LeftOut) -> Checked<TransformFile> {
    let root: Spanned<File> = without_faults(left_out, || yaml::read(text, home))?;
    let place = Place::of_spanned(&root);
    let entries = required(root.value.transforms, place, "", "transforms")?;
    if entries.value.0.is_empty() {
        let suggestion = "add a transform: - {name: ..., smirks: ...}";
        return Err(Fault::new(Place::of_spanned(&entries), "transforms", "the list is empty", suggestion));
    }

    let defaults = root.value.defaults.unwrap_or_default();
    let (mut transforms, mut patterns) = (Vec::new(), Patterns::default());
    let mut lines = HashMap::new();
    let mut idle_keys = Vec::from_iter(defaults.apply_mode.as_ref().map(|_| APPLY_MODE));
    for (index, entry) in entries.value.0.into_iter().enumerate() {
        let Some(entry) = entry else { continue };
        let path = format!("transforms[{index}].");
        idle_keys.extend(entry.value.idle_keys());
        let mut own = Patterns::default();
        match transform(entry, &path, &defaults, text, &mut own) {
            Ok((transform, name)) => match lines.get(&transform.name) {
                Some(&first) => left_out.add(repeated(name, &(path + "name"), &transform.name, first))?,
                None => {
                    lines.insert(transform.name.clone(), name.line);
                    patterns.extend(own);
                    transforms.push(transform);
                }
            },
            Err(fault) => left_out.add(fault)?,
        }
    }
    idle_keys.sort_unstable();
    idle_keys.dedup();
    let notices = Vec::new();
    Ok(TransformFile { version: VERSION, transforms, notices, sha256, patterns, idle_keys })
}

impl Entry {
    /// Its keys that have no effect.
    fn idle_keys(&self) -> impl Iterator<Item = &'static str> {
        let given = [self.apply_mode.is_some()];
        IDLE_KEYS.into_iter().zip(given).filter_map(|(key, is_given)| is_given.then_some(key))
    }
}

/// The fault of a second transform of the same name, which is at `place`; the first is on line `first`.
pub(super) fn repeated(place: Place, key: &str, name: &str, first: u64) -> Fault {
    let reason = format!("the name {} is already used on line {first}", quoted(name));
    Fault::new(place, key, reason, "give each transform a unique name")
}

/// The value of `key` in the mapping at `place`, to which `path` leads; an error if it is missing.
fn required<T>(value: Option<T>, place: Place, path: &str, key: &str) -> Checked<T> {
    let missing = || Fault::new(place, format!("{path}{key}"), "the key is missing", format!("add {key}:"));
    value.ok_or_else(missing)
}

/// The transform that `entry` describes and the place of its name; the places of its patterns are added to
/// `patterns`.
pub(super) fn transform(
    entry: Spanned<Entry>,
    path: &str,
    defaults: &Defaults,
    text: &str,
    patterns: &mut Patterns,
) -> Checked<(Transform, Place)> {
    let (place, entry) = (Place::of_spanned(&entry), entry.value);
    let name = required(entry.name, place, path, "name")?;
    let smirks = required(entry.smirks, place, path, "smirks")?;
    let not_smarts = entry.not_smarts.map_or_else(Vec::new, |list| list.0);
    let one = |key: &str, pattern| (key.to_owned(), pattern);
    let not = not_smarts.iter().enumerate().map(|(i, each)| (not_smarts_key(i, not_smarts.len()), each));
    let query = entry.query_smarts.as_ref().map(|query| one("query_smarts", query));
    patterns.note(&name, [one("smirks", &smirks)].into_iter().chain(query).chain(not), text);

    let name_place = Place::of_spanned(&name);
    let max_sites = entry.max_sites_per_mol.as_ref().or(defaults.max_sites_per_mol.as_ref());
    let exclude_sugar = entry.exclude_sugar_like.as_ref().or(defaults.exclude_sugar_like.as_ref());
    let hydrogens = entry.hydrogens.as_ref().or(defaults.hydrogens.as_ref());
    let examples = entry.examples.unwrap_or_default();
    patterns.note_examples(&name.value.0, examples.iter().map(Place::of_spanned).collect());
    let examples = examples.into_iter().enumerate();
    let transform = Transform {
        name: name.value.0,
        smirks: smirks.value.0,
        query_smarts: entry.query_smarts.map(|pattern| pattern.value.0),
        not_smarts: not_smarts.into_iter().map(|pattern| pattern.value.0).collect(),
        hydrogens: hydrogens.map_or_else(Hydrogens::default, |hydrogens| hydrogens.0),
        code: entry.code,
        label: entry.label,
        legacy_rule_id: entry.legacy_rule_id.and_then(|id| {
            // 1.10 is not 1.1: a number keeps its spelling in the file.
            id.value.0.clone().or_else(|| spelling(&id.defined, text).map(str::to_owned))
        }),
        family: entry.family,
        scope_classes: entry.scope_classes.unwrap_or_default(),
        highlight_mapnums: entry.highlight_mapnums.into_iter().flatten().map(|number| number.0).collect(),
        product_highlight_symbol: entry.product_highlight_symbol,
        max_sites_per_mol: max_sites.and_then(|limit| limit.0),
        exclude_sugar_like: exclude_sugar.is_some_and(|flag| flag.0),
        prob: entry.prob.map(|prob| prob.0),
        examples: examples.map(|(index, case)| example(case, index, path)).collect::<Checked<_>>()?,
        id_token: None,
    };
    Ok((transform, name_place))
}

fn example(case: Spanned<Case>, index: usize, path: &str) -> Checked<Example> {
    let (place, path) = (Place::of_spanned(&case), format!("{path}examples[{index}]"));
    let Case { input, output, none } = case.value;
    match none {
        Some(_) if input.is_some() || output.is_some() => {
            Err(Fault::new(place, path, "none stands beside in or out", "write two examples"))
        }
        Some(none) => Ok(Example::Nowhere { none: none.0 }),
        None => {
            let path = format!("{path}.");
            let input = required(input, place, &path, "in")?.0;
            let output = required(output, place, &path, "out")?.0;
            Ok(Example::Gives { input, output })
        }
    }
}
