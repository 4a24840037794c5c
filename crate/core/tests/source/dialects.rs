//! The layouts of public downloads, in files made here: each is read with one command, which the documentation lists.

use std::fs;

use xform_core::source::SourceOptions;

use crate::documented::follows;
use crate::library::{open, read};

/// A layout as its publisher writes it.
struct Layout {
    source: &'static str,
    /// The name of the file.
    file: &'static str,
    content: &'static str,
    /// Options that it needs, as on the command line.
    smiles: Option<&'static str>,
    id: Option<&'static str>,
    /// The column of the id.
    id_found: &'static str,
}

const ANY: Layout = Layout { source: "", file: "", content: "", smiles: None, id: None, id_found: "" };

const LAYOUTS: &[Layout] = &[
    Layout {
        source: "PubChem, CID-SMILES",
        file: "CID-SMILES",
        content: "1\tCCO\n2\tCC(=O)O\n3\tOc1ccccc1\n",
        id_found: "column_1",
        ..ANY
    },
    Layout {
        source: "PubChem, table of a search",
        file: "PubChem_compound_text.csv",
        content: "\"Compound_CID\",\"Name\",\"Molecular_Weight\",\"SMILES\",\"InChIKey\"\n\
                  702,\"ethanol\",46.07,\"CCO\",\"LFQSCWFLJHTTHZ-UHFFFAOYSA-N\"\n\
                  176,\"acetic acid, glacial\",60.05,\"CC(=O)O\",\"QTBSBXVTEAMEQO-UHFFFAOYSA-N\"\n\
                  996,\"phenol\",94.11,\"Oc1ccccc1\",\"ISWSIDIOOBJBQZ-UHFFFAOYSA-N\"\n",
        id: Some("Compound_CID"),
        id_found: "Compound_CID",
        ..ANY
    },
    Layout {
        source: "ZINC15, lines with a header",
        file: "AAAA.smi",
        content: "smiles zinc_id\nCCO 12\nCC(=O)O 14\nOc1ccccc1 18\n",
        id_found: "id",
        ..ANY
    },
    Layout {
        source: "ZINC15, tranche",
        file: "AAAA.txt",
        content: "smiles\tzinc_id\tinchikey\tmwt\tlogp\treactive\tpurchasable\ttranche_name\tfeatures\n\
                  CCO\t12\tLFQ\t46.07\t-0.1\t0\t50\tAAAA\t\n\
                  CC(=O)O\t14\tQTB\t60.05\t0.1\t0\t50\tAAAA\t\n\
                  Oc1ccccc1\t18\tISW\t94.11\t1.4\t0\t50\tAAAA\t\n",
        id_found: "zinc_id",
        ..ANY
    },
    Layout {
        source: "ZINC22",
        file: "H05P000.smi",
        content: "CCO\tZINCa100000000\nCC(=O)O\tZINCa200000000\nOc1ccccc1\tZINCa300000000\n",
        id_found: "id",
        ..ANY
    },
    Layout {
        source: "Enamine REAL, CXSMILES",
        file: "Enamine_REAL_HAC_6_21.cxsmiles",
        content: "smiles\tid\tMW\tHAC\tsLogP\tType\n\
                  CCO\ts_1____2\t46.1\t3\t-0.1\tM\n\
                  CC(=O)O |o1:1|\ts_1____4\t60.1\t4\t0.1\tS\n\
                  Oc1ccccc1\tm_1____6\t94.1\t7\t1.4\tM\n",
        id_found: "id",
        ..ANY
    },
    Layout {
        source: "Enamine, two columns",
        file: "Enamine_screening.smiles",
        content: "SMILES\tCatalog ID\nCCO\tZ1\nCC(=O)O |o1:1|\tZ2\nOc1ccccc1\tZ3\n",
        id_found: "id",
        ..ANY
    },
    Layout {
        source: "ChEMBL, chemreps",
        file: "chembl_35_chemreps.txt",
        content: "chembl_id\tcanonical_smiles\tstandard_inchi\tstandard_inchi_key\n\
                  CHEMBL545\tCCO\tInChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3\tLFQ\n\
                  CHEMBL539\tCC(=O)O\tInChI=1S/C2H4O2/c1-2(3)4/h1H3,(H,3,4)\tQTB\n\
                  CHEMBL14060\tOc1ccccc1\tInChI=1S/C6H6O/c7-6-4-2-1-3-5-6/h1-5,7H\tISW\n",
        id_found: "chembl_id",
        ..ANY
    },
    Layout {
        source: "ChEMBL, table of the web site",
        file: "DOWNLOAD-1a2b3c.csv",
        content: "\"ChEMBL ID\";\"Name\";\"Synonyms\";\"Molecular Weight\";\"Smiles\";\"Inchi Key\"\n\
                  \"CHEMBL545\";\"ALCOHOL\";\"Ethanol|Alcohol; dehydrated\";\"46.07\";\"CCO\";\"LFQ\"\n\
                  \"CHEMBL539\";\"ACETIC ACID\";\"\";\"60.05\";\"CC(=O)O\";\"QTB\"\n\
                  \"CHEMBL14060\";\"PHENOL\";\"\";\"94.11\";\"Oc1ccccc1\";\"ISW\"\n",
        id: Some("ChEMBL ID"),
        id_found: "ChEMBL ID",
        ..ANY
    },
    Layout {
        source: "COCONUT",
        file: "coconut_csv-11-2026.csv",
        content: "identifier,canonical_smiles,standard_inchi_key,name,iupac_name,np_likeness\n\
                  CNP0000001.0,CCO,LFQ,ethanol,ethanol,0.1\n\
                  CNP0000002.0,CC(=O)O,QTB,\"acetic acid, glacial\",acetic acid,0.2\n\
                  CNP0000003.0,Oc1ccccc1,ISW,,phenol,0.3\n",
        id: Some("identifier"),
        id_found: "identifier",
        ..ANY
    },
    Layout {
        source: "LOTUS",
        file: "240412_frozen_metadata.csv",
        content: "structure_wikidata,structure_inchikey,structure_smiles,structure_smiles_2D,organism_name\n\
                  http://www.wikidata.org/entity/Q1,LFQ,CCO,CCO,Vitis vinifera\n\
                  http://www.wikidata.org/entity/Q2,QTB,CC(=O)O,CC(=O)O,Malus domestica\n\
                  http://www.wikidata.org/entity/Q3,ISW,Oc1ccccc1,Oc1ccccc1,Pinus\n",
        smiles: Some("structure_smiles"),
        id: Some("structure_wikidata"),
        id_found: "structure_wikidata",
    },
    Layout {
        source: "NPAtlas",
        file: "NPAtlas_download.tsv",
        content: "npaid\tcompound_id\tcompound_name\tcompound_molecular_formula\tcompound_smiles\torigin_type\n\
                  NPA000001\t1\tEthanol\tC2H6O\tCCO\tFungus\n\
                  NPA000002\t2\tAcetic acid\tC2H4O2\tCC(=O)O\tBacterium\n\
                  NPA000003\t3\tPhenol\tC6H6O\tOc1ccccc1\tFungus\n",
        id: Some("npaid"),
        id_found: "npaid",
        ..ANY
    },
    Layout {
        source: "DrugBank, structure links",
        file: "structure links.csv",
        content: "DrugBank ID,Name,CAS Number,Drug Groups,InChIKey,InChI,SMILES,Formula\n\
                  DB00898,Ethanol,64-17-5,approved,LFQ,\"InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3\",CCO,C2H6O\n\
                  DB03166,Acetic acid,64-19-7,approved,QTB,\"InChI=1S/C2H4O2/c1-2(3)4/h1H3,(H,3,4)\",CC(=O)O,C2H4O2\n\
                  DB03255,Phenol,108-95-2,approved,ISW,\"InChI=1S/C6H6O/c7-6-4-2-1-3-5-6/h1-5,7H\",Oc1ccccc1,C6H6O\n",
        id: Some("DrugBank ID"),
        id_found: "DrugBank ID",
        ..ANY
    },
    Layout {
        source: "MolPort",
        file: "fulldb_smiles-000-000-000--000-499-999.txt",
        content: "SMILES\tSMILES_CANONICAL\tMOLPORTID\tSTANDARD_INCHI\tINCHIKEY\tAVAILABILITY\n\
                  CCO\tCCO\tMolPort-000-000-001\tx\tLFQ\tin stock\n\
                  CC(=O)O\tCC(=O)O\tMolPort-000-000-002\tx\tQTB\tin stock\n\
                  Oc1ccccc1\tOc1ccccc1\tMolPort-000-000-003\tx\tISW\tmade to order\n",
        id: Some("MOLPORTID"),
        id_found: "MOLPORTID",
        ..ANY
    },
    Layout {
        source: "SureChEMBL",
        file: "SureChEMBL_20240101_1.txt",
        content: "SureChEMBL_ID\tSMILES\tStandardInChI\tInChIKey\n\
                  SCHEMBL1\tCCO\tInChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3\tLFQ\n\
                  SCHEMBL2\tCC(=O)O\tInChI=1S/C2H4O2/c1-2(3)4/h1H3,(H,3,4)\tQTB\n\
                  SCHEMBL3\tOc1ccccc1\tInChI=1S/C6H6O/c7-6-4-2-1-3-5-6/h1-5,7H\tISW\n",
        id_found: "SureChEMBL_ID",
        ..ANY
    },
    Layout {
        source: "BindingDB",
        file: "BindingDB_All.tsv",
        content: "BindingDB Reactant_set_id\tLigand SMILES\tLigand InChI\tBindingDB MonomerID\tKi (nM)\n\
                  1\tCCO\tInChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3\t11\t 0.24\n\
                  2\tCC(=O)O\tInChI=1S/C2H4O2/c1-2(3)4/h1H3,(H,3,4)\t12\t\n\
                  3\tOc1ccccc1\tInChI=1S/C6H6O/c7-6-4-2-1-3-5-6/h1-5,7H\t13\t>1000\n",
        id: Some("BindingDB MonomerID"),
        id_found: "BindingDB MonomerID",
        ..ANY
    },
    Layout {
        source: "GDB",
        file: "GDB17.50000000.smi",
        content: "CCO\nCC(=O)O\nOc1ccccc1\n",
        id_found: "",
        ..ANY
    },
    Layout {
        source: "Mcule",
        file: "mcule_purchasable_in_stock.smi",
        content: "CCO\tMCULE-1\nCC(=O)O\tMCULE-2\nOc1ccccc1\tMCULE-3\n",
        id_found: "id",
        ..ANY
    },
];

impl Layout {
    fn options(&self) -> SourceOptions {
        let owned = |name: Option<&str>| name.map(str::to_owned);
        SourceOptions {
            smiles_column: owned(self.smiles),
            id_column: owned(self.id),
            ..SourceOptions::default()
        }
    }

    fn command(&self) -> String {
        let quoted = |text: &str| if text.contains(' ') { format!("'{text}'") } else { text.to_owned() };
        let option = |flag: &str, name: Option<&str>| name.map(|name| format!("{flag} {}", quoted(name)));
        let options = [option("--smiles-column", self.smiles), option("--id-column", self.id)];
        let input = format!("-i {}", quoted(self.file));
        [input].into_iter().chain(options.into_iter().flatten()).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn each_is_read_with_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = vec!["|---|---|---|---|".to_owned()];
    for layout in LAYOUTS {
        let path = folder.path().join(layout.file);
        fs::write(&path, layout.content).unwrap();
        let library =
            read(&path, &layout.options()).unwrap_or_else(|error| panic!("{}: {error}", layout.source));
        let smiles: Vec<&str> =
            library.smiles.iter().map(|smiles| smiles.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(smiles, ["CCO", "CC(=O)O", "Oc1ccccc1"], "{}", layout.source);
        let id = library.columns.id.as_ref().map_or("", |field| field.name().as_str());
        let found = if library.columns.id.is_some() && library.column(id).iter().any(Option::is_some) {
            id
        } else {
            ""
        };
        assert_eq!(found, layout.id_found, "{}", layout.source);
        let read_as = library.columns.layout.as_ref().unwrap();
        let header = if read_as.header { "with a header" } else { "no header" };
        let found = format!("{}, {header}: {}", read_as.delimiter.name(), read_as.because);
        rows.push(format!("| {} | `{}` | {found} | `{}` |", layout.source, layout.file, layout.command()));
    }
    follows("| download | file | how it is found |", &rows);
}

/// Without the options, a table that leaves a choice open is refused with the choice, not read wrongly.
#[test]
fn a_column_that_is_not_certain_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for layout in LAYOUTS.iter().filter(|layout| layout.smiles.is_some()) {
        let path = folder.path().join(layout.file);
        fs::write(&path, layout.content).unwrap();
        let error = open(&path, &SourceOptions::default()).err().unwrap();
        assert_eq!(error.code(), "XFORM_INPUT_COLUMN", "{error}");
        assert!(error.to_string().contains("--smiles-column"), "{error}");
    }
}
