//! The macro that declares options.

/// Declares options: a struct of their values, each with documentation, type, default and the other fields of
/// [`OptionSpec`].
///
/// It generates the struct, its defaults, its conversion from JSON and to a summary, a constant [`OptionSpec`] for
/// each field, of the same name, and the table of these constants.
///
/// [`OptionSpec`]: super::OptionSpec
macro_rules! options {
    (
        $(#[$about:meta])*
        $vis:vis struct $Struct:ident for $commands:expr;
        $($group:literal {
            $(
                $(#[doc = $doc:literal])+
                $field:ident $(as $name:literal)?: $type:ty = $default:expr => { $($key:ident: $value:expr),+ $(,)? }
            )+
        })+
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        $vis struct $Struct {
            $($($(#[doc = $doc])+ pub $field: $type,)+)+
        }

        #[allow(non_upper_case_globals, reason = "named as the field")]
        impl $Struct {
            $($(
                /// The declaration of the field.
                pub const $field: $crate::options::OptionSpec = $crate::options::OptionSpec {
                    $($key: $value,)+
                    ..$crate::options::OptionSpec::of::<$type>(
                        $crate::options::declare::options!(@name $field $($name)?),
                        stringify!($field),
                        $group,
                        &[$($doc),+],
                        $commands,
                    )
                };
            )+)+
        }

        impl $Struct {
            /// The declarations, in the order of the help.
            pub const OPTIONS: &'static [$crate::options::OptionSpec] = &[$($(Self::$field,)+)+];

            /// The values of these options in `given`, and defaults for the others.
            ///
            /// # Errors
            /// [`Error::InvalidOption`](crate::Error::InvalidOption).
            pub(crate) fn read(given: &mut $crate::options::Given) -> Result<Self, $crate::Error> {
                $($(let $field: $type = match given.take(&Self::$field)? {
                    Some(given) => given,
                    None => $default,
                };)+)+
                Ok(Self { $($($field,)+)+ })
            }

            /// Refuses a value outside its range.
            ///
            /// # Errors
            /// [`Error::InvalidOption`](crate::Error::InvalidOption).
            pub fn check_ranges(&self) -> Result<(), $crate::Error> {
                $($(Self::$field.check(&self.$field)?;)+)+
                Ok(())
            }

            /// The options in the order of their declarations, each with its default in the form in which a surface
            /// passes it.
            pub(crate) fn declared() -> Vec<($crate::options::OptionSpec, Option<serde_json::Value>)> {
                let default = Self::default();
                vec![$($((Self::$field, $crate::options::OptionValue::as_given(&default.$field)),)+)+]
            }
        }

        impl Default for $Struct {
            fn default() -> Self {
                $($(let $field: $type = $default;)+)+
                Self { $($($field,)+)+ }
            }
        }

        impl serde::Serialize for $Struct {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use $crate::options::OptionValue;
                let shown = [
                    $($((Self::$field.key, self.$field.show()),)+)+
                ];
                serializer.collect_map(shown.into_iter().filter_map(|(key, value)| Some((key, value?))))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Struct {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let shown = <serde_json::Map<String, serde_json::Value> as serde::Deserialize>::deserialize(deserializer)?;
                Self::read(&mut $crate::options::Given::shown(shown)).map_err(serde::de::Error::custom)
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
}

pub(crate) use options;
