//! `counts!`: a struct of named numbers, from one list of their names.

/// Declares a struct whose fields are all `u64`, with the functions that every such list needs: addition, the names,
/// and the values in the order of the names. The names are the keys in files and in the reports of an engine.
macro_rules! counts {
    ($(#[$meta:meta])* $name:ident {
        $(#[doc = $meaning:literal] $(#[serde($($key:tt)*)])? $field:ident),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $(#[doc = $meaning] $(#[serde($($key)*)])? pub $field: u64),+ }

        impl $name {
            /// The names of the counts.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            /// The counts with these values, in the order of [`Self::NAMES`]; `None` if there are more or fewer.
            pub fn from_values(values: &[u64]) -> Option<Self> {
                let &[$($field),+] = values else { return None };
                Some(Self { $($field),+ })
            }

            /// What each count means, in the order of [`Self::NAMES`].
            pub const MEANINGS: &'static [&'static str] = &[$($meaning),+];

            /// Where each of [`Self::NAMES`] stands among `names`, which must be the same in any order.
            pub fn order_in(names: &[String]) -> Result<Vec<usize>, String> {
                if let Some(unknown) = names.iter().find(|name| !Self::NAMES.contains(&name.as_str())) {
                    return Err(format!("no count is called {unknown:?}"));
                }
                let position = |name: &&str| {
                    names.iter().position(|own| own == name).ok_or_else(|| format!("there is no count {name:?}"))
                };
                Self::NAMES.iter().map(position).collect()
            }

            /// The values, in the order of [`Self::NAMES`].
            pub fn values(&self) -> [u64; Self::NAMES.len()] {
                [$(self.$field),+]
            }

            /// The count of that name.
            pub fn get(&self, name: &str) -> Option<u64> {
                Self::NAMES.iter().position(|known| *known == name).map(|index| self.values()[index])
            }
        }

        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                $(self.$field += other.$field;)+
            }
        }
    };
}

pub(super) use counts;
