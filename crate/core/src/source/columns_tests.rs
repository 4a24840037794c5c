use super::*;

fn fields(columns: &[(&str, DataType)]) -> Fields {
    columns.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), true)).collect()
}

fn texts(names: &[&str]) -> Fields {
    fields(&names.iter().map(|name| (*name, DataType::Utf8)).collect::<Vec<_>>())
}

fn list() -> DataType {
    DataType::new_list(DataType::Utf8, true)
}

fn pick(
    fields: &Fields,
    smiles: Option<&str>,
    id: Option<&str>,
    keep: KeepColumns,
) -> Result<Choice, String> {
    chosen(fields, &picked(smiles, id, keep))
}

fn picked(smiles: Option<&str>, id: Option<&str>, keep: KeepColumns) -> SourceOptions {
    SourceOptions {
        smiles_column: smiles.map(Into::into),
        id_column: id.map(Into::into),
        keep_columns: keep,
        computed_columns: vec!["atoms".into()],
        ..Default::default()
    }
}

fn chosen(fields: &Fields, options: &SourceOptions) -> Result<Choice, String> {
    choose(Path::new("L.parquet"), fields, options, ByContent::default()).map_err(|error| {
        assert_eq!(error.code(), "XFORM_INPUT_COLUMN");
        error.to_string()
    })
}

fn auto(fields: &Fields) -> Result<(usize, Option<usize>), String> {
    pick(fields, None, None, KeepColumns::None).map(|choice| (choice.smiles, choice.id))
}

fn kept(fields: &Fields, keep: KeepColumns) -> Result<Vec<(usize, String)>, String> {
    pick(fields, None, None, keep).map(|choice| choice.kept)
}

fn named(names: &[&str]) -> KeepColumns {
    KeepColumns::Named(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn smiles_and_id_are_found_in_any_case() {
    assert_eq!(auto(&texts(&["a", "SMILES", "Id"])), Ok((1, Some(2))));
    assert_eq!(auto(&texts(&["smiles"])), Ok((0, None)));
    assert_eq!(auto(&texts(&["coconut_id", "smiles"])), Ok((1, Some(0))));
    assert_eq!(auto(&texts(&["COCONUT_ID", "smiles", "id"])), Ok((1, Some(2))), "id comes before *_id");
    assert_eq!(auto(&texts(&["a_id", "smiles", "b_id"])), Ok((1, None)), "two candidates are none");
    assert_eq!(auto(&texts(&["smiles", "Product_Id", "source_id"])), Ok((0, Some(1))), "a file of products");
    assert_eq!(auto(&texts(&["product_id", "smiles", "id"])), Ok((1, Some(2))), "id comes before product_id");
    assert_eq!(auto(&fields(&[("smiles", DataType::Utf8), ("a_id", list())])), Ok((0, None)));
    assert_eq!(auto(&fields(&[("smiles", DataType::Utf8), ("id", DataType::Int64)])), Ok((0, Some(1))));
    for text in [DataType::LargeUtf8, DataType::Utf8View, DataType::Binary] {
        assert_eq!(auto(&fields(&[("smiles", text)])), Ok((0, None)));
    }
}

#[test]
fn known_names_count_in_their_order_if_they_are_text() {
    let names = texts(&["structure", "Canonical_Smiles", "x"]);
    assert_eq!(auto(&names), Ok((1, None)));
    assert_eq!(auto(&texts(&["x", "Structure"])), Ok((1, None)));
    let bytes = fields(&[
        ("smiles", DataType::Int64),
        ("structure", DataType::Binary),
        ("canonical_smiles", DataType::Utf8),
    ]);
    assert_eq!(auto(&bytes), Ok((2, None)));
    let bytes = fields(&[("structure", DataType::Binary), ("smiles", DataType::Binary)]);
    assert_eq!(auto(&bytes), Ok((1, None)), "older writers have text as bytes");
    let none = fields(&[("structure", DataType::Binary), ("name", DataType::Utf8)]);
    assert!(auto(&none).is_err(), "a structure in bytes is hardly SMILES");
}

#[test]
fn a_number_is_a_position_unless_it_is_a_name() {
    let fields = texts(&["a", "1", "b"]);
    let pick = |smiles, id| {
        pick(&fields, Some(smiles), id, KeepColumns::None).map(|choice| (choice.smiles, choice.id))
    };
    assert_eq!(pick("3", Some("2")), Ok((2, Some(1))));
    assert_eq!(pick("1", Some("3")), Ok((1, Some(2))), "there is a column of that name");
    for bad in ["0", "4", "+1", "-1", "99999999999999999999", ""] {
        assert!(pick(bad, None).unwrap_err().contains(&format!("no column {bad:?}")), "{bad}");
        assert!(pick("a", Some(bad)).unwrap_err().contains(&format!("no column {bad:?}")), "{bad}");
    }
}

#[test]
fn bytes_are_named_where_there_is_no_string() {
    let fields = fields(&[("mol", DataType::Binary), ("mass", DataType::Float64)]);
    let message = auto(&fields).unwrap_err();
    assert!(message.contains("its binary columns are \"mol\"; name one"), "{message}");
}

#[test]
fn named_columns_rule() {
    let fields = texts(&["smiles", "parent_id", "id", "Id"]);
    let choice = pick(&fields, Some("parent_id"), Some("Id"), KeepColumns::None).unwrap();
    assert_eq!((choice.smiles, choice.id), (1, Some(3)));
    let choice = pick(&fields, None, Some("smiles"), KeepColumns::None).unwrap();
    assert_eq!((choice.smiles, choice.id), (0, Some(0)), "the SMILES may serve as the id");
    let fields = texts(&["a_id", "x"]);
    let choice = pick(&fields, Some("a_id"), None, KeepColumns::None).unwrap();
    assert_eq!((choice.smiles, choice.id), (0, None));
}

#[test]
fn what_cannot_be_used_is_said() {
    let error = |fields: &Fields, smiles, id| pick(fields, smiles, id, KeepColumns::None).unwrap_err();
    let three = fields(&[("name", DataType::Utf8), ("n", DataType::Int32), ("mol", DataType::LargeUtf8)]);
    assert_eq!(
        error(&three, None, None),
        "L.parquet: no column \"smiles\", \"canonical_smiles\" or \"structure\"; its string columns are \"name\", \"mol\"; \
         name one with --smiles-column"
    );
    assert_eq!(
        error(&three, Some("n"), None),
        "L.parquet: column \"n\" cannot hold SMILES: it is of type Int32; the string columns are \"name\", \"mol\""
    );
    assert_eq!(
        error(&three, Some("mol"), Some("x")),
        "L.parquet: no column \"x\"; the columns are \"name\", \"n\", \"mol\""
    );
    let numbers = fields(&[("n", DataType::Int32)]);
    assert!(error(&numbers, None, None).ends_with("\"structure\"; it has no string column"));
    let nested = fields(&[("smiles", list()), ("id", list())]);
    assert!(error(&nested, None, None).contains("\"smiles\" cannot hold SMILES: it is nested"));
    let nested = fields(&[("smiles", DataType::Utf8), ("id", list())]);
    assert!(error(&nested, None, None).contains("\"id\" cannot be the id: it is nested"));
}

#[test]
fn a_name_that_two_columns_have_is_refused() {
    let error = |names: &[&str], smiles, id, keep| pick(&texts(names), smiles, id, keep).unwrap_err();
    assert_eq!(
        error(&["smiles", "SMILES"], None, None, KeepColumns::None),
        "L.parquet: 2 columns could be \"smiles\": \"smiles\" (column 1), \"SMILES\" (column 2); name one with \
         --smiles-column, or give its number"
    );
    assert!(pick(&texts(&["smiles", "SMILES"]), Some("SMILES"), None, KeepColumns::None).is_ok());
    assert!(error(&["x", "x"], Some("x"), None, KeepColumns::None).ends_with("or give its number"));
    assert_eq!(pick(&texts(&["x", "x"]), Some("2"), Some("1"), KeepColumns::None).unwrap().smiles, 1);
    assert!(error(&["smiles", "id", "ID"], None, None, KeepColumns::None).contains("--id-column"));
    assert!(error(&["smiles", "x", "x"], None, None, named(&["x"])).ends_with("rename one of them"));
    assert!(pick(&texts(&["smiles", "x", "x"]), None, None, KeepColumns::None).is_ok());
}

/// The kept columns with this prefix, and the warnings.
fn kept_as(prefix: &str, fields: &Fields, keep: KeepColumns) -> Result<(Vec<String>, Vec<String>), String> {
    let options = SourceOptions { kept_prefix: prefix.into(), ..picked(None, None, keep) };
    let choice = chosen(fields, &options)?;
    Ok((choice.kept.into_iter().map(|(_, name)| name).collect(), choice.warnings))
}

#[test]
fn kept_columns_say_that_they_are_of_the_source() {
    let pair = |index: usize, name: &str| (index, name.to_owned());
    let names = texts(&["b", "smiles", "xf_prob", "id", "a"]);
    assert_eq!(
        kept(&names, KeepColumns::All),
        Ok(vec![pair(0, "source_b"), pair(2, "source_xf_prob"), pair(4, "source_a")])
    );
    assert_eq!(
        kept(&names, named(&["a", "b", "a", "smiles"])),
        Ok(vec![pair(4, "source_a"), pair(0, "source_b"), pair(1, "source_smiles_2")])
    );
    assert!(kept(&names, named(&["zz"])).unwrap_err().contains("no column \"zz\"; the columns are \"b\""));
    let with_prefix = kept_as("parent ", &names, KeepColumns::All).unwrap();
    assert_eq!(with_prefix, (vec!["parent b".into(), "parent xf_prob".into(), "parent a".into()], vec![]));
}

#[test]
fn a_kept_column_gives_way_to_others_with_a_warning() {
    let names = ["smiles", "row", "ROW", "row_2", "a", "a", "a_2"];
    let (kept, warnings) = kept_as("source_", &texts(&names), KeepColumns::All).unwrap();
    let expected = ["source_row_3", "source_ROW_2", "source_row_2", "source_a", "source_a_3", "source_a_2"];
    assert_eq!(kept, expected, "a name that is free is kept");
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert_eq!(
        warnings[0],
        "the kept column \"row\" is called \"source_row_3\" in the output, because another column is called \
         \"source_row\""
    );
    for column in OUTPUT_COLUMNS.iter().chain(&["atoms"]) {
        let (prefix, name) = column.split_at(2);
        let (kept, warnings) =
            kept_as(prefix, &texts(&["smiles", "id", &name.to_ascii_uppercase()]), KeepColumns::All).unwrap();
        assert_eq!(kept, [format!("{prefix}{}_2", name.to_ascii_uppercase())]);
        assert_eq!(warnings.len(), 1);
    }
}

#[test]
fn without_a_prefix_a_name_that_is_taken_is_an_error() {
    let own = |names: &[&str]| kept_as("", &texts(names), KeepColumns::All);
    assert_eq!(own(&["smiles", "id", "a", "A"]), Ok((vec!["a".into(), "A".into()], vec![])));
    for taken in ["xf_name", "Product_ID", "atoms"] {
        let error = own(&["smiles", "id", taken]).unwrap_err();
        assert!(error.contains(&format!("column {taken:?} has the name of another")), "{error}");
        assert!(error.contains("--kept-prefix"), "{error}");
    }
    assert!(own(&["smiles", "x", "x"]).unwrap_err().contains("column \"x\" has the name of another"));
}

#[test]
fn long_lists_of_names_are_cut() {
    let names: Vec<String> = (0..60).map(|i| format!("c{i}")).collect();
    let fields = texts(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(auto(&fields).unwrap_err().contains("\"c39\" and 20 more; name one"));
}
