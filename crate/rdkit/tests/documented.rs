//! Tables in the documentation and types of the API that follow from declarations: computed columns, properties, catalogs of
//! alerts, kinds of values in a filter, reject codes, stages, findings about rules, deduplication modes, input formats. With `UPDATE_DOCS=1`
//! in the environment, these tests write them.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use xform_core::ApplyOptions;
use xform_core::dedup::{DedupMode, ModeFacts};
use xform_core::engine::{RejectCode, Stage};
use xform_core::filter::{Comparison, KINDS};
use xform_core::findings::FindingCode;
use xform_core::legacy::{self, LegacyColumn, LegacyValues};
use xform_core::source::{FormatFacts, InputFormat, PACKINGS};
use xform_core::totals::{FilterTally, RecheckCounts, Tally};
use xform_rdkit_sys::{
    ALERTS, CatalogInfo, ColumnInfo, ColumnType, Kernel, PropertyInfo, Settings, alert_catalogs, alert_names,
    computed_columns, declared_properties,
};

/// Longest line of `index.d.ts`.
const LINE_WIDTH: usize = 120;

/// Held while a file is read and written: tests run in parallel and share files.
static FILES: Mutex<()> = Mutex::new(());

/// Compares `lines` with the lines of a file between the first that begins with `after` and the next that is `before`, or
/// in a table begins with it, or writes them there.
fn follows(file: &str, after: &str, before: &str, lines: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let _held = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(&path).expect("it is there");
    let all: Vec<&str> = text.lines().collect();
    let start = 1 + all.iter().position(|line| line.starts_with(after)).expect("it has the line before");
    let ends = |line: &&str| *line == before || (before.starts_with('|') && line.starts_with(before));
    let end = start + all[start..].iter().position(ends).expect("it has the line after");
    if all[start..end].iter().eq(lines) {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let lines = lines.iter().map(String::as_str);
        let all: Vec<&str> =
            all[..start].iter().copied().chain(lines).chain(all[end..].iter().copied()).collect();
        fs::write(path, all.join("\n") + "\n").expect("it can be written");
        return;
    }
    let missing: Vec<&String> =
        lines.iter().filter(|line| !all[start..end].contains(&line.as_str())).collect();
    panic!(
        "{file} is not as declared, after {after:?}; missing: {missing:#?}\n\
         run UPDATE_DOCS=1 cargo test --release -p xform-rdkit --test documented"
    );
}

/// The columns of every run.
fn columns() -> Vec<ColumnInfo> {
    computed_columns().expect("they are declared")
}

/// Those and the column of the standardized parent.
fn columns_with_parent() -> Vec<ColumnInfo> {
    let settings = Settings { standardize: Some("parent".to_owned()), ..Settings::default() };
    let kernel = Kernel::new(&[], &settings).expect("it needs no transform");
    kernel.columns().expect("they are declared")
}

fn table(names: impl Iterator<Item = (&'static str, &'static str)>) -> Vec<String> {
    let rows = names.map(|(name, meaning)| format!("| `{name}` | {meaning} |"));
    ["|---|---|".to_owned()].into_iter().chain(rows).collect()
}

/// A union of literal types, in the formatter's layout.
fn union_type(name: &str, members: impl Iterator<Item = &'static str>) -> Vec<String> {
    let members: Vec<String> = members.map(|member| format!("'{member}'")).collect();
    let line = format!("export type {name} = {};", members.join(" | "));
    if line.len() <= LINE_WIDTH {
        return vec![line];
    }
    let mut lines = vec![format!("export type {name} =")];
    lines.extend(members.iter().map(|member| format!("  | {member}")));
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines
}

fn type_in_tables(values: ColumnType) -> &'static str {
    match values {
        ColumnType::Int32 => "int32",
        ColumnType::Float64 => "double",
        ColumnType::Bool => "boolean",
        ColumnType::Text => "string",
        ColumnType::TextList => "list of string",
        _ => "list of int32",
    }
}

#[test]
fn properties_are_in_the_table() {
    let rows = declared_properties().expect("they are declared").into_iter().map(|property| {
        let PropertyInfo { name, unit, meaning, function, is_quick, values } = property;
        let quick = if is_quick { "yes" } else { "" };
        format!("| `{name}` | {} | {unit} | {meaning} | `{function}` | {quick} |", type_in_tables(values))
    });
    let rows: Vec<String> = ["|---|---|---|---|---|---|".to_owned()].into_iter().chain(rows).collect();
    follows("docs/properties.md", "| column | type | unit |", "", &rows);
}

#[test]
fn the_quick_properties_are_named_in_the_help() {
    let quick =
        declared_properties().expect("they are declared").into_iter().filter(|property| property.is_quick);
    let names: Vec<String> = quick.map(|property| property.name).collect();
    let help = ApplyOptions::properties.help;
    assert!(help.contains(&format!("`quick` ({})", names.join(", "))), "{help}");
}

#[test]
fn catalogs_are_in_the_table_and_in_the_help() {
    let catalogs = alert_catalogs().expect("they are declared");
    let rows = catalogs.iter().map(|CatalogInfo { name, meaning, reference }| {
        let alerts = alert_names(name).expect("it is declared").len();
        format!("| `{name}` | {alerts} | {meaning} | {reference} |")
    });
    let rows: Vec<String> = ["|---|---|---|---|".to_owned()].into_iter().chain(rows).collect();
    follows("docs/alerts.md", "| catalog | alerts |", "", &rows);
    let names: Vec<&str> = catalogs.iter().map(|catalog| catalog.name.as_str()).collect();
    let (last, others) = names.split_last().expect("there are some");
    let listed = format!("{} and {last}", others.join(", "));
    let help = ApplyOptions::alerts.help;
    assert!(help.contains(&listed), "{help}");
}

#[test]
fn core_and_kernel_have_one_name_for_the_column_of_alerts() {
    assert_eq!(xform_core::alerts::COLUMN, ALERTS);
}

#[test]
fn computed_columns_are_in_the_tables() {
    let rows: Vec<String> = columns_with_parent()
        .iter()
        .map(|column| {
            format!("| `{}` | {} | {} |", column.name, type_in_tables(column.values), column.meaning)
        })
        .collect();
    for file in ["docs/apply.md", "docs/output.md"] {
        follows(file, "| `xf_site_index` |", "| `mapped_smiles`, ", &rows);
    }
}

#[test]
fn the_predecessors_columns_are_in_the_table() {
    let rows = legacy::COLUMNS.iter().map(|LegacyColumn { name, values, content, ours, .. }| {
        let values = match values {
            LegacyValues::Text => "string",
            LegacyValues::Bool => "boolean",
            LegacyValues::Int => "int32",
            LegacyValues::Float => "double",
            LegacyValues::Ints => "list of int32",
        };
        format!("| `{name}` | {values} | {content} | {ours} |")
    });
    let rows: Vec<String> = ["|---|---|---|---|".to_owned()].into_iter().chain(rows).collect();
    follows("docs/compat.md", "| predecessor | type |", "", &rows);
}

#[test]
fn computed_columns_are_in_the_types() {
    let data_type = |values| match values {
        ColumnType::Int32 | ColumnType::Float64 => "number",
        ColumnType::Bool => "boolean",
        ColumnType::Text => "string",
        ColumnType::TextList => "string[]",
        _ => "number[]",
    };
    let always = columns();
    let lines = columns_with_parent().into_iter().flat_map(|column| {
        let ColumnInfo { name, meaning, values, .. } = &column;
        let (first, rest) = meaning.split_at(1);
        let meaning = format!("  /** {}{rest}. */", first.to_uppercase());
        let mark = if always.contains(&column) { "" } else { "?" };
        [meaning, format!("  {name}{mark}: {};", data_type(*values))]
    });
    follows("index.d.ts", "  xf_site_index: number;", "}", &lines.collect::<Vec<_>>());
}

#[test]
fn dedup_modes_are_in_the_table_and_the_types() {
    let mut rows = vec!["|---|---|".to_owned()];
    for ModeFacts { name, note, brief, details, .. } in DedupMode::ALL.map(DedupMode::facts) {
        let note = note.map(|note| format!(" ({note})")).unwrap_or_default();
        rows.push(format!("| `{name}`{note} | {brief}: {details} |"));
    }
    follows("docs/apply.md", "| `--dedup` | |", "", &rows);
    let names = union_type("DedupMode", DedupMode::ALL.iter().map(|mode| mode.facts().name));
    follows("index.d.ts", "/** How products that were seen before are recognised;", "", &names);
}

#[test]
fn input_formats_are_in_the_table_and_the_types() {
    let formats = InputFormat::ALL.map(|format| {
        let FormatFacts { name, title, extensions, proof, streams, .. } = format.facts();
        let extensions: Vec<String> = extensions.iter().map(|name| format!("`.{name}`")).collect();
        let (proof, streams) = (proof.unwrap_or("nothing"), if *streams { "yes" } else { "no" });
        format!("| {title} | `{name}` | {} | {proof} | {streams} |", extensions.join(", "))
    });
    let rows: Vec<String> = ["|---|---|---|---|---|".to_owned()].into_iter().chain(formats).collect();
    follows("docs/formats.md", "| format | `--input-format` |", "", &rows);
    let names = union_type("InputFormat", InputFormat::ALL.map(|format| format.facts().name).into_iter());
    follows("index.d.ts", "/** The format of a library. */", "", &names);
}

#[test]
fn compressions_are_in_the_table() {
    let packings = PACKINGS.iter().map(|packing| format!("| {} | `.{}` |", packing.title, packing.extension));
    let rows: Vec<String> = ["|---|---|".to_owned()].into_iter().chain(packings).collect();
    follows("docs/formats.md", "| compression | names of files |", "", &rows);
}

#[test]
fn kinds_of_values_in_a_filter_are_in_the_table() {
    let rows = KINDS.iter().map(|facts| {
        let signs: Vec<&str> = facts.comparisons.iter().copied().map(Comparison::sign).collect();
        let by = if signs.is_empty() { String::new() } else { format!("; by `{}`", signs.join(" ")) };
        format!("| {} | {} | {}{by} | {} |", facts.title, facts.types, facts.compares_with, facts.also)
    });
    let rows: Vec<String> = ["|---|---|---|---|".to_owned()].into_iter().chain(rows).collect();
    follows("docs/filters.md", "| values | types of columns |", "", &rows);
}

#[test]
fn codes_and_stages_are_in_the_tables() {
    let codes = RejectCode::ALL.iter().map(|code| (code.as_str(), code.meaning()));
    follows("docs/output.md", "| `code` | meaning |", "", &table(codes));
    let stages = Stage::ALL.iter().map(|stage| (stage.as_str(), stage.meaning()));
    follows("docs/output.md", "| `stage` | the step that failed |", "", &table(stages));
}

#[test]
fn codes_and_stages_are_in_the_types() {
    let codes = union_type("RejectCode", RejectCode::ALL.iter().map(|code| code.as_str()));
    follows("index.d.ts", "/** Why a molecule or a site was refused. */", "", &codes);
    let stages = union_type("RejectStage", Stage::ALL.iter().map(|stage| stage.as_str()));
    follows("index.d.ts", "/** The step at which a molecule or a site was refused. */", "", &stages);
}

#[test]
fn findings_are_in_the_table_and_the_types() {
    let rows = FindingCode::ALL.iter().map(|code| {
        let severity = format!("{:?}", code.severity()).to_lowercase();
        // A bar would end the cell.
        let [raised_by, not_by] = code.examples().map(|example| example.replace('|', "\\|"));
        format!("| `{}` | {severity} | {} | `{raised_by}` | `{not_by}` |", code.as_str(), code.meaning())
    });
    let rows: Vec<String> = ["|---|---|---|---|---|".to_owned()].into_iter().chain(rows).collect();
    follows("docs/rules.md", "| finding | severity |", "", &rows);
    let names = union_type("FindingCode", FindingCode::ALL.iter().map(|code| code.as_str()));
    follows("index.d.ts", "/** What a check of rules finds;", "", &names);
}

type Named = (&'static str, &'static str);

/// Name and meaning of each count, the meaning as a sentence without its full stop.
fn counts(names: &'static [&'static str], meanings: &'static [&'static str]) -> impl Iterator<Item = Named> {
    let meanings = meanings.iter().map(|meaning| meaning.trim().trim_end_matches('.'));
    names.iter().copied().zip(meanings)
}

fn counts_of_transforms() -> impl Iterator<Item = Named> {
    let filter = counts(FilterTally::NAMES, FilterTally::MEANINGS);
    counts(Tally::NAMES, Tally::MEANINGS).chain(filter).chain([
        ("products", "Made products that `--where` left"),
        ("known", "Those of `products` that are known molecules (`--exclude`)"),
    ])
}

fn counts_of_rechecks() -> impl Iterator<Item = Named> {
    counts(RecheckCounts::NAMES, RecheckCounts::MEANINGS)
}

fn fields((name, meaning): Named) -> [String; 2] {
    [format!("  /** {meaning}. */"), format!("  {name}: number;")]
}

#[test]
fn counts_are_in_the_tables() {
    follows("docs/output.md", "| count | meaning |", "| `unique` |", &table(counts_of_transforms()));
    let rows: Vec<String> = table(counts_of_rechecks()).split_off(1);
    follows("docs/output.md", "| `rejected_rows` |", "| `all_rejected` |", &rows);
}

#[test]
fn counts_are_in_the_types() {
    let rows = ["  rows: number;".to_owned()];
    let lines: Vec<String> = rows.into_iter().chain(counts_of_transforms().flat_map(fields)).collect();
    follows("index.d.ts", "  /** Rows read, in each transform. */", "  /** Products written. */", &lines);
    let lines: Vec<String> = counts_of_rechecks().flat_map(fields).collect();
    follows("index.d.ts", "  rejected_rows: number;", "  /**", &lines);
}
