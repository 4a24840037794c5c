//! Values in bins of equal width, whose borders are round numbers.

use serde::Serialize;

/// Bins at most.
pub const MAX_BINS: usize = 42;

/// Into how many parts a range is divided at most. Its ends are in two more bins.
const PARTS: f64 = 40.0;

/// The products with a value in a range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HistogramBin {
    /// The lowest value.
    pub from: f64,
    /// The lowest value beyond it.
    pub to: f64,
    /// Products.
    pub products: u64,
}

/// Counts values of a known range.
#[derive(Debug, Clone)]
pub struct Histogram {
    step: Step,
    /// The number of the first bin, counted in steps from 0.
    first: f64,
    counts: Vec<u64>,
}

/// The width of a bin: 1, 2 or 5 times a power of ten. Negative powers divide, so that the borders are the floats nearest to
/// the decimal numbers that they are shown as.
#[derive(Debug, Clone, Copy)]
struct Step {
    digit: f64,
    power: f64,
    divides: bool,
}

impl Step {
    /// The smallest one that is not below `width`; whole numbers have one of at least 1.
    fn at_least(width: f64, is_whole: bool) -> Self {
        let one = Self { digit: 1.0, power: 1.0, divides: false };
        if width <= 0.0 || (is_whole && width <= 1.0) {
            return one;
        }
        let exponent = width.log10().floor();
        let steps = [0.0, 1.0].into_iter().flat_map(|more| {
            let exponent = exponent + more;
            let power = 10_f64.powi(exponent.abs() as i32);
            [1.0, 2.0, 5.0].map(|digit| Self { digit, power, divides: exponent < 0.0 })
        });
        steps.into_iter().find(|step| step.times(1.0) >= width).unwrap_or(one)
    }

    fn times(self, count: f64) -> f64 {
        let digits = count * self.digit;
        if self.divides { digits / self.power } else { digits * self.power }
    }

    /// The number of the bin that has the value.
    fn number_of(self, value: f64) -> f64 {
        let mut number = (value / self.times(1.0)).floor();
        // A quotient may be rounded across a border.
        if self.times(number + 1.0) <= value {
            number += 1.0;
        }
        if self.times(number) > value {
            number -= 1.0;
        }
        number
    }
}

impl Histogram {
    /// For values from `min` to `max`, which are whole numbers or not.
    pub fn new(min: f64, max: f64, is_whole: bool) -> Self {
        let step = Step::at_least((max - min) / PARTS, is_whole);
        let first = step.number_of(min);
        let bins = (step.number_of(max) - first) as usize + 1;
        Self { step, first, counts: vec![0; bins.min(MAX_BINS)] }
    }

    /// Counts a value. One beyond the range counts in the bin at that end.
    pub fn add(&mut self, value: f64) {
        let number = self.step.number_of(value) - self.first;
        let last = self.counts.len() - 1;
        self.counts[(number.max(0.0) as usize).min(last)] += 1;
    }

    /// Its bins, ascending.
    pub fn bins(&self) -> Vec<HistogramBin> {
        let border = |index: usize| self.step.times(self.first + index as f64);
        let each = self.counts.iter().enumerate();
        each.map(|(index, &products)| HistogramBin { from: border(index), to: border(index + 1), products })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bins(values: &[f64], is_whole: bool) -> Vec<HistogramBin> {
        let (min, max) = values.iter().fold((f64::MAX, f64::MIN), |(min, max), &v| (min.min(v), max.max(v)));
        let mut histogram = Histogram::new(min, max, is_whole);
        values.iter().for_each(|&value| histogram.add(value));
        histogram.bins()
    }

    #[test]
    fn borders_are_round_numbers() {
        let borders = |values: &[f64]| {
            let bins = bins(values, false);
            (bins[0].from, bins[0].to, bins[bins.len() - 1].to, bins.len())
        };
        assert_eq!(borders(&[0.07, 0.93]), (0.05, 0.1, 0.95, 18));
        assert_eq!(borders(&[94.1, 1_202.5]), (50.0, 100.0, 1_250.0, 24));
        assert_eq!(borders(&[-3.2, 11.9]), (-3.5, -3.0, 12.0, 31));
        assert_eq!(borders(&[0.5]), (0.0, 1.0, 1.0, 1));
    }

    #[test]
    fn small_whole_numbers_have_a_bin_each() {
        let bins = bins(&[0.0, 3.0, 3.0, 7.0], true);
        let found: Vec<_> = bins.iter().map(|bin| (bin.from, bin.products)).collect();
        let expected = [1, 0, 0, 2, 0, 0, 0, 1];
        assert_eq!(found, (0_u32..8).map(f64::from).zip(expected).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn each_value_is_in_one_of_a_few_bins(
            values in prop::collection::vec(
                prop_oneof![-1e3..1e3, -1.0..1.0, -1e-7..1e-7, prop::num::f64::NORMAL.prop_map(|v| v % 1e12)],
                1..60,
            ),
            is_whole: bool,
        ) {
            let values: Vec<f64> = values.iter().map(|v: &f64| if is_whole { v.round() } else { *v }).collect();
            let bins = bins(&values, is_whole);
            prop_assert!(bins.len() <= MAX_BINS);
            prop_assert_eq!(bins.iter().map(|bin| bin.products).sum::<u64>(), values.len() as u64);
            for bin in &bins {
                let within = values.iter().filter(|value| (bin.from..bin.to).contains(*value)).count();
                prop_assert_eq!(within as u64, bin.products, "{:?} of {:?}", bin, bins);
            }
        }
    }
}
