//! The keys of a transform file, what each may hold, and what stands for one that is not there.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::fault::{Checked, quoted};
use super::node::{Node, Value};
use super::patterns::Patterns;
use super::select::{ALL, site_limit};
use super::suggest::closest;
use super::table::{Field, Table};
use super::{Example, Transform};

const FILE_KEYS: &[&str] = &["version", "defaults", "transforms"];
const DEFAULTS_KEYS: &[&str] = &["max_sites_per_mol", "exclude_sugar_like", "apply_mode"];
const TRANSFORM_KEYS: &[&str] = &[
    "name",
    "smirks",
    "query_smarts",
    "code",
    "label",
    "legacy_rule_id",
    "family",
    "scope_classes",
    "highlight_mapnums",
    "product_highlight_symbol",
    "max_sites_per_mol",
    "exclude_sugar_like",
    "apply_mode",
    "prob",
    "examples",
];
const EXAMPLE_KEYS: &[&str] = &["in", "out"];

const VERSION: u32 = 1;
const APPLY_MODE: &str = "per_site";
const NAME_LENGTH: RangeInclusive<usize> = 1..=200;

/// What a file says.
pub(super) struct Contents {
    pub(super) version: u32,
    pub(super) transforms: Vec<Transform>,
    pub(super) notices: Vec<String>,
    pub(super) patterns: Patterns,
}

/// What a transform takes from `defaults`.
#[derive(Default)]
struct Defaults {
    max_sites_per_mol: Option<u32>,
    exclude_sugar_like: bool,
}

/// Checks the file whose root is `root` and whose text, with the spelling of the numbers, is `text`.
pub(super) fn check(root: &Node, text: &str) -> Checked<Contents> {
    if matches!(root.value, Value::Null) {
        return Err(Field::root(root).fault("the file is empty").suggest("add transforms:"));
    }
    let file = Table::open(Field::root(root), FILE_KEYS, |key| {
        let in_defaults = DEFAULTS_KEYS.contains(&key).then_some("under defaults or in a transform");
        in_defaults.or_else(|| TRANSFORM_KEYS.contains(&key).then_some("in a transform, under transforms"))
    })?;

    let mut notices = Vec::new();
    match file.get("version") {
        Some(version) => check_version(&version)?,
        None => notices.push(format!("no version in the transform file: read as version {VERSION}")),
    }
    let defaults = match file.get_some("defaults") {
        Some(defaults) => read_defaults(defaults)?,
        None => Defaults::default(),
    };
    let (transforms, patterns) = read_transforms(&file.require("transforms")?, &defaults, text)?;
    Ok(Contents { version: VERSION, transforms, notices, patterns })
}

fn check_version(version: &Field<'_>) -> Checked<()> {
    let number = version.whole_number()?;
    if number == i128::from(VERSION) {
        return Ok(());
    }
    let reason = format!("version {number} is not known");
    Err(version.fault(reason).suggest(format!("this program reads version {VERSION}")))
}

fn read_defaults(field: Field<'_>) -> Checked<Defaults> {
    let table = Table::open(field, DEFAULTS_KEYS, |key| {
        TRANSFORM_KEYS.contains(&key).then_some("in a transform, under transforms")
    })?;
    check_apply_mode(&table)?;
    let none = Defaults::default();
    Ok(Defaults {
        max_sites_per_mol: read_max_sites(&table, none.max_sites_per_mol)?,
        exclude_sugar_like: read_flag(&table, "exclude_sugar_like", none.exclude_sugar_like)?,
    })
}

fn read_transforms(
    field: &Field<'_>,
    defaults: &Defaults,
    text: &str,
) -> Checked<(Vec<Transform>, Patterns)> {
    let mut transforms = Vec::new();
    let mut patterns = Patterns::default();
    let mut lines: HashMap<String, u64> = HashMap::new();
    for item in field.items()? {
        let table = Table::open(item, TRANSFORM_KEYS, |key| {
            (key == "defaults" || key == "version").then_some("at the top of the file")
        })?;
        let name = table.require("name")?;
        let transform = read_transform(&table, defaults, text)?;
        if let Some(line) = lines.insert(transform.name.clone(), name.node.place.line) {
            let reason = format!("the name {} is taken, at line {line}", quoted(&transform.name));
            return Err(name.fault(reason).suggest("give each transform a name of its own"));
        }
        patterns.note(&transform.name, &table, text);
        transforms.push(transform);
    }
    if transforms.is_empty() {
        return Err(field.fault("the list is empty").suggest("add a transform: - {name: ..., smirks: ...}"));
    }
    Ok((transforms, patterns))
}

fn read_transform(table: &Table<'_>, defaults: &Defaults, text: &str) -> Checked<Transform> {
    check_apply_mode(table)?;
    Ok(Transform {
        name: read_name(&table.require("name")?)?,
        smirks: table.require("smirks")?.pattern()?.to_owned(),
        query_smarts: table.get("query_smarts").map(|f| f.pattern()).transpose()?.map(str::to_owned),
        code: read_text(table, "code")?,
        label: read_text(table, "label")?,
        legacy_rule_id: table.get_some("legacy_rule_id").map(|f| read_identifier(&f, text)).transpose()?,
        family: read_text(table, "family")?,
        scope_classes: read_list(table, "scope_classes", |f| f.text().map(str::to_owned))?,
        highlight_mapnums: read_list(table, "highlight_mapnums", read_map_number)?,
        product_highlight_symbol: read_text(table, "product_highlight_symbol")?,
        max_sites_per_mol: read_max_sites(table, defaults.max_sites_per_mol)?,
        exclude_sugar_like: read_flag(table, "exclude_sugar_like", defaults.exclude_sugar_like)?,
        prob: table.get_some("prob").map(|f| read_probability(&f)).transpose()?,
        examples: read_list(table, "examples", read_example)?,
    })
}

fn read_name(field: &Field<'_>) -> Checked<String> {
    let name = field.text()?;
    let length = name.chars().count();
    if !NAME_LENGTH.contains(&length) {
        let (least, most) = NAME_LENGTH.into_inner();
        return Err(field.fault(format!("a name has {least} to {most} characters, not {length}")));
    }
    if let Some(slash) = name.chars().find(|c| matches!(c, '/' | '\\')) {
        return Err(field.fault(format!("a name holds no {slash}")).suggest("write _ instead"));
    }
    if let Some(other) = name.chars().find(|c| !is_printable(*c)) {
        let reason = format!("a name holds printable characters only, not U+{:04X}", u32::from(other));
        return Err(field.fault(reason).suggest("leave it out"));
    }
    if name == ALL {
        return Err(field
            .fault(format!("{ALL:?} stands for every transform of a file"))
            .suggest("rename it"));
    }
    Ok(name.to_owned())
}

/// As the standard library decides when it escapes text, which knows the tables; combining marks pass.
fn is_printable(character: char) -> bool {
    let is_escaped = || format!("-{character}").escape_debug().count() > 2;
    matches!(character, '\'' | '"' | '\\') || !is_escaped()
}

/// Text that describes the transform and may be left empty.
fn read_text(table: &Table<'_>, key: &str) -> Checked<Option<String>> {
    table.get_some(key).map(|field| field.text().map(str::to_owned)).transpose()
}

/// A string, or a number as the file spells it.
fn read_identifier(field: &Field<'_>, text: &str) -> Checked<String> {
    match (&field.node.value, field.node.spelling(text)) {
        (Value::Int(_) | Value::Float(_), Some(spelling)) => Ok(spelling.to_owned()),
        _ => field.text().map(str::to_owned),
    }
}

fn read_list<'a, T>(table: &Table<'a>, key: &str, read: impl Fn(Field<'a>) -> Checked<T>) -> Checked<Vec<T>> {
    match table.get_some(key) {
        Some(field) => field.items()?.map(read).collect(),
        None => Ok(Vec::new()),
    }
}

fn read_map_number(field: Field<'_>) -> Checked<u32> {
    let number = field.whole_number()?;
    match u32::try_from(number) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(field.fault(format!("{number} is no map number")).suggest("map numbers begin at 1")),
    }
}

fn read_probability(field: &Field<'_>) -> Checked<f64> {
    let value = field.number()?;
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    let fault = field.fault(format!("{value} is not between 0 and 1"));
    Err(if value > 1.0 && value <= 100.0 { fault.suggest(format!("write {}", value / 100.0)) } else { fault })
}

fn read_example(field: Field<'_>) -> Checked<Example> {
    let table = Table::open(field, EXAMPLE_KEYS, |_| None)?;
    Ok(Example {
        input: table.require("in")?.pattern()?.to_owned(),
        output: table.require("out")?.pattern()?.to_owned(),
    })
}

fn read_max_sites(table: &Table<'_>, default: Option<u32>) -> Checked<Option<u32>> {
    let Some(field) = table.get("max_sites_per_mol") else {
        return Ok(default);
    };
    site_limit(field.whole_number()?)
        .map_err(|reason| field.fault(reason).suggest("-1 sets no limit; any limit is 1 or more"))
}

fn read_flag(table: &Table<'_>, key: &str, default: bool) -> Checked<bool> {
    table.get(key).map_or(Ok(default), |field| field.flag())
}

fn check_apply_mode(table: &Table<'_>) -> Checked<()> {
    let Some(field) = table.get("apply_mode") else {
        return Ok(());
    };
    let mode = field.text()?;
    if mode == APPLY_MODE {
        return Ok(());
    }
    let meant = match closest(mode, [APPLY_MODE]) {
        Some(known) => format!("did you mean {known:?}?"),
        None => format!("only {APPLY_MODE:?} is known"),
    };
    Err(field.fault(format!("unknown apply_mode {}", quoted(mode))).suggest(meant))
}
