//! Columns that the engines of tests compute if they are asked for: numbers, and what the predecessor's columns are made of.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray};
use arrow::datatypes::{DataType, Field, Fields};
use xform_core::engine::Products;

/// A column of integers, floats or text, from the number of a product.
enum Values {
    Int(fn(i32) -> i32),
    Float(fn(i32) -> f64),
    Text(fn(i32) -> Option<String>),
}

const COLUMNS: &[(&str, Values)] = &[
    ("half", Values::Int(|number| number / 2)),
    ("number", Values::Int(|number| number)),
    ("MW", Values::Float(|number| f64::from(number) / 7.0)),
    ("TPSA", Values::Float(f64::from)),
    ("HBD", Values::Int(|number| number % 3)),
    ("HBA", Values::Int(|number| number % 5)),
    ("cLogP", Values::Float(|number| -f64::from(number))),
    ("RotB", Values::Int(|_| 0)),
    ("InChIKey", Values::Text(|number| (number % 5 != 0).then(|| format!("KEY{number}")))),
    ("parent_InChIKey", Values::Text(|_| Some("PARENT".to_owned()))),
    ("mapped_smiles", Values::Text(|number| (number % 7 != 0).then(|| format!("[CH3:1][OH:{number}]")))),
    ("Formula", Values::Text(|number| Some(FORMULAS[number as usize % FORMULAS.len()].to_owned()))),
    ("parent_Formula", Values::Text(|_| Some("CHClF".to_owned()))),
];

/// Formulas of products.
pub const FORMULAS: [&str; 3] = ["C2H6", "CHF2", "CBr2Cl+"];

/// Their names and types.
pub fn fields() -> Fields {
    let field = |(name, values): &(&str, Values)| {
        let data_type = match values {
            Values::Int(_) => DataType::Int32,
            Values::Float(_) => DataType::Float64,
            Values::Text(_) => DataType::Utf8,
        };
        Field::new(*name, data_type, true)
    };
    COLUMNS.iter().map(field).collect()
}

/// The columns `names` of `products`, whose SMILES are `P` and a number.
pub fn columns(names: &[String], products: &Products) -> Vec<ArrayRef> {
    let number = |at| str::from_utf8(&products.smiles.get(at)[1..]).unwrap().parse::<i32>().unwrap();
    let numbers = || (0..products.len()).map(number);
    let column = |name: &String| -> ArrayRef {
        match &COLUMNS.iter().find(|(known, _)| known == name).unwrap().1 {
            Values::Int(of) => Arc::new(numbers().map(of).collect::<Int32Array>()),
            Values::Float(of) => Arc::new(numbers().map(of).collect::<Float64Array>()),
            Values::Text(of) => Arc::new(numbers().map(of).collect::<StringArray>()),
        }
    };
    names.iter().map(column).collect()
}
