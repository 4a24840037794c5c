//! The findings of a check of rules, each declared once: name, severity, meaning, and a rule with and without it.
//!
//! The table in `docs/rules.md` and the type in `index.d.ts` follow from this list, and tests of `xform-rdkit` check
//! its rules and that an engine knows no other names.

use serde::{Serialize, Serializer};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The rule is often meant like this.
    Note,
    /// The rule works, but probably not as meant.
    Warning,
    /// The rule cannot be used, or its example is not met.
    Error,
}

/// Declares the codes.
macro_rules! findings {
    ($($variant:ident = $name:literal, $severity:ident, $meaning:literal, $raised_by:literal, $not_by:literal;)+) => {
        /// What a check of rules finds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FindingCode { $(#[doc = $meaning] $variant),+ }

        impl FindingCode {
            /// Every code, in the documented order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name, which identifies it everywhere.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// How serious it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// What it means, as worded in the documentation.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),+ }
            }

            /// A rule that raises it, and a similar one that does not: a SMIRKS, several with blanks between them, or the value of
            /// `transforms` in a file, which begins with `[{`.
            pub fn examples(self) -> [&'static str; 2] {
                match self { $(Self::$variant => [$raised_by, $not_by]),+ }
            }

            /// The code with that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }
        }
    };
}

findings! {
    MapOnlyInProduct = "map_only_in_product", Warning,
        "a map number is only in the product template: its atom is new, and the atom that was meant is removed",
        "[c:1][OX2H]>>[c:1][O:5]C", "[c:1][OX2H:5]>>[c:1][O:5]C";
    MapOnlyInReactant = "map_only_in_reactant", Note,
        "a map number is only in the reactant template: its atom is removed",
        "[c:1][OX2H:2]>>[c:1]CCN", "[c:1][OX2H]>>[c:1]CCN";
    MapTwice = "map_twice", Warning,
        "a map number occurs twice in the product templates: its atom is made twice",
        "[c:1][OX2:2]>>[c:1][O:2][c:1]", "[c:1][OX2:2]>>[c:1][O:2]c";
    MapZero = "map_zero", Warning,
        "the map number 0, which RDKit pairs like any other and most programs ignore",
        "[c:0][OX2H:1]>>[c:0][O:1]C", "[c:2][OX2H:1]>>[c:2][O:1]C";
    NoMappedAtom = "no_mapped_atom", Warning,
        "a template without map numbers: nothing of the parent is kept",
        "cO>>cOC", "[c:1][O:2]>>[c:1][O:2]C";
    Agent = "agent", Warning,
        "agents, which have no effect",
        "[C:1][OX2H:2]>CCO>[C:1][O:2]C", "[C:1][OX2H:2]>>[C:1][O:2]C";
    AlwaysParent = "always_parent", Warning,
        "the templates differ in nothing that RDKit writes: no product differs from its parent",
        "[F,Cl:1][c:2]>>[Br,I:1][c:2]", "[F,Cl:1][c:2]>>[Br:1][c:2]";
    KekuleRing = "kekule_ring", Warning,
        "an aromatic ring written with double bonds, which RDKit makes aromatic before it looks for sites",
        "[C:1]1=[C:2][C:3]=[C:4][C:5]=[C:6]1>>[C:1]1=[C:2][C:3]=[C:4][C:5]=[C:6]1O",
        "[CH1:1]1=[C:2][C:3]=[C:4][C:5][C:6]1>>[C:1]1(O)=[C:2][C:3]=[C:4][C:5][C:6]1";
    RecursiveSmarts = "recursive_smarts", Warning,
        "more than 50 recursive patterns, each of which costs a search of every parent",
        "[C$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)\
         $(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)\
         $(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN)$(CN):1][OX2H]>>[C:1]Cl",
        "[C;$(C[N,O,S]):1][OX2H]>>[C:1]Cl";
    RingCut = "ring_cut", Warning,
        "a cut between two products that may be in a ring, whose other atoms are then in both",
        "[C:1][O:2]>>[C:1].[O:2]", "[C:1]!@[O:2]>>[C:1].[O:2]";
    SameRule = "same_rule", Warning,
        "a rule that differs from an earlier one only in its map numbers and in the order of atoms or product templates",
        "[c:1][OX2H:2]>>[c:1][O:2]C [OX2H:7][c:3]>>C[O:7][c:3]", "[c:1][OX2H:2]>>[c:1][O:2]C [c:1][OX2H:2]>>[c:1][O:2]CC";
    ValenceImpossible = "valence_impossible", Warning,
        "a valence of a product atom that RDKit rejects whatever the parent is",
        "[c:1][NH2:2]>>[c:1][N:2](C)(C)C", "[c:1][NH2:2]>>[c:1][N+:2](C)(C)C";
    ValenceWithFixedHydrogens = "valence_with_fixed_hydrogens", Warning,
        "a valence that is too high if the parent writes the atom in brackets, because it keeps its hydrogens",
        "[CX4;H1:1][OX2H:2]>>[C:1]=[O:2]", "[CX4;H1:1][OX2H:2]>>[CH0:1]=[OH0:2]";
    ValenceAtSomeSites = "valence_at_some_sites", Note,
        "a valence that is too high for some of the atoms that the reactant template matches",
        "[O:1]>>[O:1]C", "[OX2H:1]>>[O:1]C";
    HydrogenAtom = "hydrogen_atom", Warning,
        "a hydrogen that is an atom of a pattern: it matches only hydrogens that are atoms of the parent",
        "[c:1][O:2][H]>>[c:1][O:2]C", "[c:1][OX2H:2]>>[c:1][N:2]([H])[H]";
    StereoNotMatched = "stereo_not_matched", Warning,
        "stereo marks of a pattern, which select no configuration",
        "[C:4][C@@H:1]([OH:2])[C:3]>>[C:4][C:1](Cl)[C:3]", "[C:4][C@@H:1]([OH])[C:3]>>[C:4][C@H:1](Cl)[C:3]";
    HydrogenReplacedAtCentre = "hydrogen_replaced_at_centre", Note,
        "a new neighbour takes the place of a hydrogen: at a stereocentre, RDKit inverts the configuration",
        "[CX4;H1:1]>>[C:1]F", "[CX4;H2:1]>>[C:1]F";
    BecomesHydrogenAtCentre = "becomes_hydrogen_at_centre", Note,
        "a hydrogen takes the place of an atom: at a stereocentre, the configuration depends on the order of the parent's atoms",
        "[CX4:1]Br>>[C:1]", "[CX4:1]Br>>[C:1][H]";
    ProductList = "product_list", Warning,
        "alternatives or queries in a product template, for which RDKit builds something else",
        "[c:1][OX2H:2]>>[c:1][O:2][C,N]", "[c:1][OX2H:2]>>[c:1][O:2]C";
    ProductQuery = "product_query", Note,
        "queries in a product template, which RDKit ignores",
        "[C;R;H2:1]>>[C;R:1]F", "[C;R;H2:1]>>[C:1]F";
    ChargeUnsaid = "charge_unsaid", Warning,
        "an atom whose bonds change, and whose charge stays because the product template does not state it",
        "[c:1][N+:2](=[O:3])[O-:4]>>[c:1][N:2]", "[c:1][N+:2](=O)[O-]>>[c:1][N+0H2:2]";
    IsotopeUnsaid = "isotope_unsaid", Note,
        "an isotope that stays because the product template does not state it",
        "[13CH3:1][OX2H:2]>>[C:1][O:2]C", "[13CH3:1][OX2H:2]>>[13C:1][O:2]C";
    HydrogensUnsaid = "hydrogens_unsaid", Note,
        "hydrogens that the product template does not state, although RDKit keeps those of an atom in brackets",
        "[CX4;H1:1][OX2H:2]>>[C:1]=[O:2]", "[CX4;H1:1][OX2H:2]>>[CH0:1]=[O:2]";
    InvalidFile = "invalid_file", Error,
        "the file is not YAML, or not a transform file",
        "[{name: A, smirks: '[C:1]>>[C:1]F'}", "[{name: A, smirks: '[C:1]>>[C:1]F'}]";
    InvalidRule = "invalid_rule", Error,
        "a key of a transform is missing, is unknown or has an invalid value",
        "[{name: A}]", "[{name: A, smirks: '[C:1]>>[C:1]F'}]";
    InvalidSmirks = "invalid_smirks", Error,
        "RDKit refuses the SMIRKS, or it does not have exactly one reactant template",
        "[{name: A, smirks: '[C:1>>[C:1]F'}]", "[C:1]>>[C:1]F";
    InvalidSmarts = "invalid_smarts", Error,
        "RDKit refuses the SMARTS of a filter, or it shares no map number with the reactant template",
        "[{name: A, smirks: '[C:1]>>[C:1]F', query_smarts: '[C:2]O'}]",
        "[{name: A, smirks: '[C:1]>>[C:1]F', query_smarts: '[C:1]O'}]";
    ExampleUnmet = "example_unmet", Error,
        "the transform does not do what its example requires",
        "[{name: A, smirks: '[C:1][Cl]>>[C:1]F', examples: [{in: CCCl, out: CCBr}]}]",
        "[{name: A, smirks: '[C:1][Cl]>>[C:1]F', examples: [{in: CCCl, out: FCC}]}]";
    RdkitValidation = "rdkit_validation", Warning,
        "a problem that RDKit's validation of the reaction reports, and no other finding covers",
        "[C:1]>>[CH2H3:1]", "[C:1]>>[CH2:1]";
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
