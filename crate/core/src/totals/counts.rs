//! `counts!`: a struct of named numbers, from one list of their names.

/// Declares a struct whose fields are all `u64`, with the functions that every such list needs: addition, the names,
/// and the values in the order of the names. The names are the keys in files and in the reports of an engine.
macro_rules! counts {
    ($(#[$meta:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[$of_field])* pub $field: u64),+ }

        impl $name {
            /// The names of the counts.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            /// The counts with these values, in the order of [`Self::NAMES`]; `None` if there are more or fewer.
            pub fn from_values(values: &[u64]) -> Option<Self> {
                let &[$($field),+] = values else { return None };
                Some(Self { $($field),+ })
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
