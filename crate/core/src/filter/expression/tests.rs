use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    AsArray, BinaryArray, Float32Array, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int32Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;

/// A batch as rows of a filter.
struct Table(RecordBatch);

impl Rows for Table {
    fn len(&self) -> usize {
        self.0.num_rows()
    }

    fn column(&self, index: usize) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::clone(self.0.column(index)))
    }
}

impl Table {
    fn of(columns: Vec<(&str, ArrayRef)>) -> Self {
        Self(
            RecordBatch::try_from_iter_with_nullable(
                columns.into_iter().map(|(name, array)| (name, array, true)),
            )
            .unwrap(),
        )
    }

    /// Whether each row meets all clauses.
    fn answers(&self, text: &str) -> Vec<Option<bool>> {
        let expression = self.read(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        let [clause] = expression.clauses() else {
            let terms = expression.clauses().iter().map(|clause| clause.term.clone()).collect();
            return evaluate::truths(&Term::All(terms), self).unwrap().iter().collect();
        };
        clause.evaluate(self).unwrap().iter().collect()
    }

    fn read(&self, text: &str) -> Result<Expression, Fault> {
        let schema = self.0.schema();
        let columns = schema.fields();
        let absent = &[("alerts", "ask for it")];
        Expression::read(text, Names { columns, listed: columns.len().min(3), absent })
    }

    /// The position of the fault, from 1, and its reason.
    fn fault(&self, text: &str) -> (usize, String) {
        let fault = self.read(text).err().unwrap_or_else(|| panic!("{text} was read"));
        (fault.position + 1, fault.reason)
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/filter").join(name)
}

fn recorded() -> Table {
    let file = File::open(fixture("table.parquet")).unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    Table(reader.next().unwrap().unwrap())
}

#[test]
fn conditions_mean_what_they_mean_in_sql() {
    let table = recorded();
    let text = fs::read_to_string(fixture("truth.json")).unwrap();
    let truth: BTreeMap<String, Vec<Option<bool>>> = serde_json::from_str(&text).unwrap();
    assert!(truth.len() > 100);
    for (condition, expected) in truth {
        assert_eq!(table.answers(&condition), expected, "{condition}");
    }
}

#[test]
fn nan_compares_to_nothing() {
    let table = Table::of(vec![("x", Arc::new(Float64Array::from(vec![f64::NAN, 1.0])))]);
    for condition in
        ["x = x", "x <> 2", "not x > 2", "x in (1)", "x not in (5)", "x between 0 and 2", "x * 2 = 2"]
    {
        assert_eq!(table.answers(condition), [None, Some(true)], "{condition}");
    }
    assert_eq!(table.answers("x is null"), [Some(false), Some(false)]);
}

#[test]
fn a_division_gives_fractions_and_by_zero_a_null() {
    let table = Table::of(vec![("n", Arc::new(Int64Array::from(vec![0, 2])))]);
    assert_eq!(table.answers("1 / n = 0.5"), [None, Some(true)]);
    assert_eq!(table.answers("1 / n is null"), [Some(true), Some(false)]);
    assert_eq!(table.answers("n / 0.0 is null"), [Some(true), Some(true)]);
}

#[test]
fn large_numbers_are_not_rounded() {
    let (above, large) = ((1_i64 << 53) + 1, u64::MAX);
    let table = Table::of(vec![
        ("n", Arc::new(Int64Array::from(vec![above, i64::MIN]))),
        ("u", Arc::new(UInt64Array::from(vec![large, 0]))),
        ("x", Arc::new(Float64Array::from(vec![(1_u64 << 53) as f64, -(2.0_f64.powi(63))]))),
    ]);
    assert_eq!(table.answers("n = x"), [Some(false), Some(true)]);
    assert_eq!(table.answers("n > x"), [Some(true), Some(false)]);
    assert_eq!(table.answers("u = 18446744073709551615"), [Some(true), Some(false)]);
    assert_eq!(table.answers("u < 18446744073709551616.0"), [Some(true), Some(true)]);
    assert_eq!(table.answers("n * n > 81129638414606699710187514626048.0"), [Some(true), Some(true)]);
    assert_eq!(table.answers("u * u * u * u > 1e76"), [Some(true), Some(false)], "beyond 128 bits");
    assert_eq!(table.answers("x < 1e300 and x > -1e300"), [Some(true), Some(true)]);
    assert_eq!(table.answers("n between -1e300 and 9007199254740992.5"), [Some(false), Some(true)]);
}

#[test]
fn small_floating_point_numbers_keep_their_exact_value() {
    let table = Table::of(vec![("f", Arc::new(Float32Array::from(vec![0.1, 0.5])))]);
    assert_eq!(table.answers("f = 0.1 or f = 0.5"), [Some(false), Some(true)]);
    assert_eq!(table.answers("f > 0.1"), [Some(true), Some(true)]);
}

#[test]
fn a_list_is_a_condition_by_itself() {
    let lists = [Some(vec![Some(1)]), Some(vec![]), None];
    let lists = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists));
    let numbers = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let table = Table::of(vec![("alerts", lists), ("n", numbers)]);
    assert_eq!(table.answers("alerts"), [Some(true), Some(false), None]);
    assert_eq!(table.answers("NOT Alerts"), [Some(false), Some(true), None]);
    assert_eq!(table.answers("n < 3 and not alerts"), [Some(false), Some(true), Some(false)]);
    assert_eq!(table.answers("alerts is null"), [Some(false), Some(false), Some(true)]);
    assert_eq!(table.fault("n = alerts"), (1, "a number does not compare with a list".to_owned()));
}

#[test]
fn values_of_other_types_can_only_be_null() {
    let table = Table::of(vec![("b", Arc::new(BinaryArray::from(vec![Some(&b"x"[..]), None])))]);
    assert_eq!(table.answers("b is null"), [Some(false), Some(true)]);
    assert!(table.fault("b = b").1.contains("does not compare"), "{:?}", table.fault("b = b"));
    assert!(table.fault("b").1.contains("is not a condition"));
}

#[test]
fn a_name_is_exact_or_unambiguous_in_any_case() {
    let column = |value: i64| Arc::new(Int64Array::from(vec![value])) as ArrayRef;
    let table =
        Table::of(vec![("Mass", column(1)), ("MASS", column(2)), ("Äther", column(3)), ("a b", column(4))]);
    assert_eq!(table.answers("Mass = 1 and MASS = 2 and äTHER = 3 and \"A B\" = 4"), [Some(true)]);
    let (place, reason) = table.fault("1 = mass");
    assert_eq!(
        (place, reason.as_str()),
        (5, "\"mass\" may be any of \"Mass\", \"MASS\"; write its exact name")
    );
    let (place, reason) = table.fault("Mass = 1 and (MAS = 2)");
    assert_eq!((place, reason.as_str()), (15, "there is no column \"MAS\"; did you mean \"Mass\"?"));
}

/// Texts, the position of the fault in each, and a part of its reason.
const FAULTS: [(&str, usize, &str); 52] = [
    ("", 1, "found the end"),
    ("n >", 4, "found the end"),
    ("n > 1 and", 10, "found the end"),
    ("n > > 1", 5, "found >"),
    ("n = 1 n = 2", 7, "expected AND, OR or the end, found n"),
    ("(n = 1", 7, "found the end"),
    ("n = 1)", 6, "found )"),
    ("n = 'x", 5, "Unterminated string"),
    ("n = 1; n = 2", 6, "semicolon"),
    ("n = 1 -- really", 7, "comments"),
    ("n = 1 /* really */", 7, "comments"),
    ("n == 1", 3, "write ="),
    ("n % 2 = 1", 3, "% is not part"),
    ("t || 'x' = 'yx'", 3, "|| is not part"),
    ("n::text = '1'", 2, ":: is not part"),
    ("n & 1 = 1", 3, "& is not part"),
    ("n = $1", 5, "not part"),
    ("p.n = 1", 2, "double quotes"),
    ("t = E'x'", 6, "found 'x'"),
    ("n <=> 1", 3, "<=> is not part"),
    ("abs(n) = 1", 1, "functions are not part"),
    ("t like upper('x')", 8, "must be a string"),
    ("case when flag then 1 else 2 end = 1", 1, "CASE is not part"),
    ("cast(n as text) = '1'", 6, "change of type"),
    ("n in (select 1)", 1, "queries are not part"),
    ("exists (select 1)", 9, "queries are not part"),
    ("(select 1) = 1", 2, "queries are not part"),
    ("date '2025-01-01' = day", 6, "change of type"),
    ("t ilike 'x'", 1, "ILIKE is not part"),
    ("t similar to 'x'", 1, "not part"),
    ("flag is true", 1, "not part"),
    ("n is distinct from 1", 1, "not part"),
    ("n in ()", 7, "expected an expression"),
    ("n = null", 5, "IS NULL"),
    ("flag = true", 8, "name the column alone"),
    ("flag = FALSE", 8, "write NOT"),
    ("n", 1, "a number is not a condition"),
    ("t and flag", 1, "text is not a condition"),
    ("flag and\n  t", 12, "text is not a condition"),
    ("not n", 5, "a number is not a condition"),
    ("n = 'x'", 1, "a number does not compare with text"),
    ("'x' in (t, 1)", 1, "text does not compare with a number"),
    ("n between 1 and 'x'", 1, "a number does not compare with text"),
    ("t + 1 = 2", 1, "expected a number, found text"),
    ("1 + flag = 2", 5, "expected a number, found true or false"),
    ("-t = 1", 2, "expected a number, found text"),
    ("n like '1'", 1, "expected text, found a number"),
    ("flag < flag", 1, "no order"),
    ("day = 'yesterday'", 7, "not a date"),
    ("day = 20250101", 1, "a date or time stamp does not compare with a number"),
    ("t like 'a!b' escape '!'", 8, "escape character"),
    ("t like 'a' escape 'ab'", 19, "one character"),
];

#[test]
fn everything_else_is_refused_with_its_place() {
    let table = recorded();
    let mut wrong = Vec::new();
    for (text, position, part) in FAULTS {
        let (found, reason) = table.fault(text);
        if found != position || !reason.contains(part) {
            wrong.push(format!("{text:?}: expected {position}, {part:?}; found {found}, {reason:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_place_counts_characters() {
    let table = recorded();
    assert_eq!(table.fault("t = 'ÄÖ' and\n\tä > 1").0, 15);
}

#[test]
fn a_long_or_deep_text_is_refused_or_read() {
    let table = recorded();
    let long = |operator: &str, count| vec!["n = 1"; count].join(operator);
    assert_eq!(table.answers(&long(" or ", 400)).len(), 8);
    assert_eq!(table.read(&long(" and ", 400)).unwrap().clauses().len(), 400);
    for operator in [" or ", " and ", " + "] {
        assert!(table.fault(&long(operator, 20_000)).1.contains("more than 1000 operators"));
    }
    let deep = |count: usize| format!("{}n = 1{}", "(".repeat(count), ")".repeat(count));
    assert_eq!(table.answers(&deep(10))[0], Some(true));
    assert!(table.fault(&deep(400)).1.contains("too many parentheses"), "{:?}", table.fault(&deep(400)));
    let sum = |count| vec!["n"; count].join(" + ");
    assert_eq!(table.answers(&format!("{} = 5", sum(5)))[0], Some(true));
    assert!(table.fault(&format!("{} = 5", sum(900))).1.contains("too many parts"));
    assert!(table.fault(&format!("case when {} = 5 then 1 end", sum(900))).1.contains("CASE"));
    let items: Vec<String> = (0..40_000).map(|item| item.to_string()).collect();
    assert_eq!(table.answers(&format!("n in ({})", items.join(", ")))[3], Some(false));
    let items: Vec<String> = (0..60_000).map(|item| item.to_string()).collect();
    assert!(table.fault(&format!("n in ({})", items.join(", "))).1.contains("more than 100000 words"));
}

#[test]
fn clauses_are_those_of_a_top_level_and() {
    let table = recorded();
    for (text, expected) in [
        ("n > 1", &["n > 1"][..]),
        (" n > 1  and not (flag)and t is not null ", &["n > 1", "not (flag)", "t is not null"]),
        (
            "n between 1 and 2 AND (x < 1 and flag)\nAnd m in (1, 2)",
            &["n between 1 and 2", "(x < 1 and flag)", "m in (1, 2)"],
        ),
        ("((n > 1)) and ((flag))", &["((n > 1))", "((flag))"]),
        ("n > 1 and flag or m > 1", &["n > 1 and flag or m > 1"]),
        ("not (n > 1 and flag)", &["not (n > 1 and flag)"]),
        ("t = ' and ' and \"odd name\" = 'and'", &["t = ' and '", "\"odd name\" = 'and'"]),
    ] {
        let expression = table.read(text).unwrap();
        let clauses: Vec<&str> = expression.clauses().iter().map(|clause| clause.text.as_str()).collect();
        assert_eq!(clauses, expected);
    }
}

#[test]
fn each_type_of_number_and_text_has_its_kind() {
    let strings = Arc::new(StringArray::from(vec!["5"])) as ArrayRef;
    for data_type in [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal32(5, 1),
        DataType::Decimal64(5, 0),
        DataType::Decimal128(20, 3),
        DataType::Decimal256(40, 2),
    ] {
        let column = arrow::compute::cast(&strings, &data_type).unwrap();
        let table = Table::of(vec![("n", column)]);
        assert_eq!(table.answers("n = 5 and n < 5.5 and n + 1 > 5.9"), [Some(true)], "{data_type}");
    }
    for data_type in [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View] {
        let column = arrow::compute::cast(&strings, &data_type).unwrap();
        let table = Table::of(vec![("t", column)]);
        assert_eq!(table.answers("t = '5' and t like '_'"), [Some(true)], "{data_type}");
    }
    let dates = Arc::new(StringArray::from(vec!["2025-03-02"])) as ArrayRef;
    for data_type in [DataType::Date32, DataType::Date64] {
        let column = arrow::compute::cast(&dates, &data_type).unwrap();
        assert!(column.as_any_dictionary_opt().is_none());
        let table = Table::of(vec![("day", column)]);
        assert_eq!(
            table.answers("day = '2025-03-02' and day < '2025-03-02T00:00:00.000000001'"),
            [Some(true)]
        );
    }
    let field = Field::new("x", DataType::Float16, true);
    assert_eq!(Kind::of(field.data_type()), Kind::Number);
}

#[test]
fn what_may_be_named_is_in_the_message_about_a_name() {
    let numbers = || Arc::new(Int64Array::from(vec![1])) as ArrayRef;
    let table = Table::of(["one", "two", "three", "MW"].map(|name| (name, numbers())).into());
    let reason = |text| table.fault(text).1;
    assert_eq!(reason("twoo = 1"), "there is no column \"twoo\"; did you mean \"two\"?");
    let all = "there is no column \"weight\"; the columns are one, two, three, and all properties";
    assert_eq!(reason("weight = 1"), all);
    assert_eq!(reason("not Alerts"), "there is no column \"Alerts\"; ask for it");
    assert_eq!(table.answers("mw = 1"), [Some(true)]);
}

#[test]
fn the_columns_that_are_named_are_known() {
    let numbers = || Arc::new(Int64Array::from(vec![1])) as ArrayRef;
    let texts = || Arc::new(StringArray::from(vec!["x"])) as ArrayRef;
    let lists = || Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])])) as ArrayRef;
    let table = Table::of(vec![("n", numbers()), ("t", texts()), ("l", lists()), ("m", numbers())]);
    for (text, expected) in [
        ("-n + 1 > 2 * m", &[0, 3][..]),
        ("not l", &[2]),
        ("l is null or (t like 'x%' and t in ('x', 'y'))", &[1, 2]),
        ("n between 1 and m and n in (1, m, 2)", &[0, 3]),
        ("n in (1, 2) and not t = 'x'", &[0, 1]),
        ("1 < 2", &[]),
    ] {
        assert_eq!(table.read(text).unwrap().columns().into_iter().collect::<Vec<_>>(), expected, "{text}");
    }
}
