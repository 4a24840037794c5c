//! The codes and stages of rejects, each declared once, with its name and its meaning.
//!
//! They are passed by name: in files, between processes and, declared once, across the bridge. The tables in
//! `docs/output.md` and the types in `index.d.ts` follow from the lists here; tests of `xform-rdkit` compare them.

/// Declares an enum whose members have a name and a meaning.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal, $meaning:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = $meaning] $variant),+ }

        impl $name {
            /// Every member, in the documented order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name, which identifies it everywhere.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// What it means, as worded in the documentation.
            pub fn meaning(self) -> &'static str {
                match self { $($name::$variant => $meaning),+ }
            }

            /// The member with that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.as_str() == name)
            }
        }
    };
}

pub(crate) use named;

named! {
    /// The step at which a row or a site was refused.
    Stage {
        Input = "input", "the value in the library, or the row's number (`--skip-rows`)";
        Parse = "parse", "`MolFromSmiles`, and before it `MolFromMolBlock` if the row is a mol block";
        Standardize = "standardize", "standardizing the molecule (`--standardize`), and reading the result again";
        Match = "match", "finding the sites";
        Reaction = "reaction", "making the product of a site";
        Sanitize = "sanitize", "`SanitizeMol` on the product";
        RemoveHs = "remove_hs", "`RemoveHs` on the product";
        Write = "write", "`MolToSmiles` on the product";
        Properties = "properties", "computing a property (`--properties`, `--where`) or looking for alerts (`--alerts`); this is not a failed result, and the product is kept unless `--where` removes it";
    }
}

named! {
    /// Why a row or a site was rejected. The codes of [`Stage::Input`] come first; the others are an engine's.
    RejectCode {
        Null = "null", "the SMILES is null";
        Empty = "empty", "the SMILES is the empty string, or the mol block is blank";
        NulByte = "nul_byte", "the SMILES contains a NUL byte";
        NotUtf8 = "not_utf8", "the SMILES is not UTF-8";
        Malformed = "malformed", "the row of a table has more or fewer fields than its first line, a field of TSV contains a line end, or a line of JSON lines is not an object";
        BadValue = "bad_value", "a value does not have the type of its column";
        Skipped = "skipped", "the row is in `--skip-rows`";
        Syntax = "syntax", "the text is not valid SMILES";
        MolBlock = "mol_block", "the mol block cannot be read";
        Query = "query", "the mol block is a pattern: it has an atom list or another query";
        RGroup = "r_group", "the mol block has an R group or another dummy atom";
        Valence = "valence", "an atom has a valence that RDKit does not permit";
        Kekulize = "kekulize", "an aromatic system cannot be kekulized";
        Sanitize = "sanitize", "sanitization found a different fault";
        NullResult = "null_result", "RDKit returned no molecule and no reason";
        Exception = "exception", "RDKit threw another exception";
        OutOfMemory = "out_of_memory", "there was not enough memory for this molecule, or the system killed the process twice, because memory ran out, while this molecule was tried alone";
        TooManyAtoms = "too_many_atoms", "the molecule has more atoms than `--max-atoms`, including hydrogens written as atoms; they are counted in the text, so such a row is not parsed";
        TooManyProducts = "too_many_products", "the molecule has more distinct products than `--max-products-per-mol`; none of that transform's products is kept";
        Crashed = "crashed", "the process died at this molecule, and died again when the molecule was tried alone";
        TimedOut = "timed_out", "the molecule took more CPU time than `--mol-timeout` over all transforms; none of its products is kept";
        NoProperty = "no_property", "RDKit cannot compute a property of a product, or of the parent if its name begins with `parent_`, and the column is null; or it cannot look for alerts, and their list is `not judged`";
        NoInchi = "no_inchi", "InChI cannot name a product, or its parent; the column is null";
    }
}

impl RejectCode {
    /// What is wrong with a row that never reaches the engine; the code itself for those that the engine explains.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Null | Self::NotUtf8 => self.meaning(),
            Self::Empty => "the SMILES is empty",
            Self::NulByte => "the SMILES holds a NUL byte",
            Self::Skipped => "the row is left out (--skip-rows)",
            Self::Malformed => "the row has more or fewer fields than the first line; is a quote missing?",
            other => other.as_str(),
        }
    }
}
