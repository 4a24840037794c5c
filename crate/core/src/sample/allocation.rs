//! How many rows each stratum gives.

use crate::options::Allocation;

/// The number of rows that each of the strata with these `sizes` gives to a sample of `n` rows: together `n`, or all rows if
/// there are fewer.
pub fn allocate(allocation: Allocation, n: u64, sizes: &[u64]) -> Vec<u64> {
    let n = n.min(sizes.iter().sum());
    match allocation {
        Allocation::Equal => equal(n, sizes),
        Allocation::Proportional => proportional(n, sizes),
    }
}

/// The smallest stratum comes first, and each gives an equal part of what is left to those from it on.
fn equal(n: u64, sizes: &[u64]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&stratum| sizes[stratum]);
    let (mut shares, mut left) = (vec![0; sizes.len()], n);
    for (at, &stratum) in order.iter().enumerate() {
        let share = left / (order.len() - at) as u64;
        shares[stratum] = share.min(sizes[stratum]);
        left -= shares[stratum];
    }
    shares
}

/// Quotas rounded down, and a row more for those with the largest remainders; of equal ones, for the larger stratum.
fn proportional(n: u64, sizes: &[u64]) -> Vec<u64> {
    let total = sizes.iter().map(|&size| u128::from(size)).sum::<u128>().max(1);
    let quota = |stratum: usize| u128::from(n) * u128::from(sizes[stratum]);
    let mut shares: Vec<u64> = (0..sizes.len()).map(|stratum| (quota(stratum) / total) as u64).collect();
    let left = n - shares.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&stratum| std::cmp::Reverse((quota(stratum) % total, sizes[stratum])));
    order.iter().take(left as usize).for_each(|&stratum| shares[stratum] += 1);
    shares
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_small_stratum_lacks_the_others_give() {
        let equal = |n, sizes: &[u64]| allocate(Allocation::Equal, n, sizes);
        assert_eq!(equal(10, &[100, 100, 100]), [3, 3, 4]);
        assert_eq!(equal(10, &[1, 100, 100]), [1, 4, 5]);
        assert_eq!(equal(10, &[100, 2, 3]), [5, 2, 3]);
        assert_eq!(equal(10, &[1, 2, 3]), [1, 2, 3]);
        assert_eq!(equal(2, &[5, 5, 5]), [0, 1, 1]);
        assert_eq!(equal(2, &[]), [0; 0]);
    }

    #[test]
    fn shares_are_rounded_by_the_largest_remainder() {
        let proportional = |n, sizes: &[u64]| allocate(Allocation::Proportional, n, sizes);
        // Quotas 4.16, 3.33 and 2.5.
        assert_eq!(proportional(10, &[50, 40, 30]), [4, 3, 3]);
        assert_eq!(proportional(3, &[1, 1_000, 1_000]), [0, 2, 1]);
        assert_eq!(proportional(5, &[2, 2]), [2, 2]);
        assert_eq!(proportional(1, &[u64::MAX / 2, u64::MAX / 2]), [1, 0]);
    }

    proptest! {
        #[test]
        fn allocations_add_up_and_no_stratum_gives_more_than_it_has(
            n in 1_u64..500,
            sizes in vec(1_u64..200, 0..30),
        ) {
            let total: u64 = sizes.iter().sum();
            for allocation in [Allocation::Equal, Allocation::Proportional] {
                let shares = allocate(allocation, n, &sizes);
                prop_assert_eq!(shares.iter().sum::<u64>(), n.min(total));
                prop_assert!(shares.iter().zip(&sizes).all(|(share, size)| share <= size));
                let is_fair = |share: u64, size: u64| match allocation {
                    // A stratum gives all that it has, or as many as any other within one.
                    Allocation::Equal => share == size || share + 1 >= shares.iter().copied().max().unwrap_or(0),
                    Allocation::Proportional => {
                        let quota = n.min(total) as f64 * size as f64 / total as f64;
                        (share as f64 - quota).abs() < 1.0
                    }
                };
                prop_assert!(shares.iter().zip(&sizes).all(|(&share, &size)| is_fair(share, size)));
            }
        }
    }
}
