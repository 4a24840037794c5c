"""The predecessor's columns, derived in Python from the other columns of a run and from its library."""

import json
import os

import pyarrow.csv
import pyarrow.parquet as pq
from rdkit import Chem, RDLogger

import properties

SHOWN = 5
HALOGENS = ("F", "Cl", "Br", "I")
QUICK = ("MW", "TPSA", "HBD", "HBA", "cLogP", "RotB")
OF_LIBRARY = ("source_subset", "k", "halogen", "halogen_atom_count", "halogen_pair")
OURS = ("smiles", "xf_label", "xf_site_index", "xf_site_atoms", "source_smiles")


def compare(library, outdir):
    """Prints what differs between the predecessor's columns of a run over a CSV or Parquet library and Python's; returns
    how many values do."""
    RDLogger.DisableLog("rdApp.*")
    rows = read(library)
    products = pq.read_table(os.path.join(outdir, "products.parquet")).to_pylist()
    parents = {}
    faults, values = [], 0
    for product in products:
        row = rows[product["source_row"]]
        smiles = product["source_smiles"]
        if smiles not in parents:
            parents[smiles] = of_parent(smiles)
        expected = {**of_product(product, parents[smiles]), **{name: row.get(name) for name in OF_LIBRARY}}
        for name in OURS:
            assert name in product, name
        for name, value in expected.items():
            values += 1
            if name not in product or not properties.is_same(product[name], value):
                found = product.get(name, "no such column")
                faults.append(f"{name} of {product['product_id']}: {found!r}, in Python {value!r}")
        faults += mapping_faults(product, parents[smiles]["molecule"])
    for fault in faults[:SHOWN]:
        print(f"    DIFFERENCE {fault}")
    print(f"    {values:,} values of the predecessor's columns, {len(faults):,} differences")
    return len(faults) if products else 1


def read(library):
    table = pyarrow.csv.read_csv(library) if library.endswith(".csv") else pq.read_table(library)
    return table.to_pylist()


def of_parent(smiles):
    """What the columns need of a parent."""
    molecule = Chem.MolFromSmiles(smiles)
    return {
        "molecule": molecule,
        "inchikey": properties.value("InChIKey", smiles),
        "halogens": halogens(molecule),
    }


def of_product(product, parent):
    """The columns that follow from a product and its parent."""
    smiles = product["smiles"]
    own = {symbol: count for symbol, count in halogens(Chem.MolFromSmiles(smiles)).items() if count}
    introduced = [symbol for symbol in HALOGENS if own.get(symbol, 0) > parent["halogens"][symbol]]
    return {
        "canonical_smiles": smiles,
        "inchikey": properties.value("InChIKey", smiles),
        "xf_success": True,
        "xf_reason": None,
        "xf_rule_id": product["xf_name"],
        "xf_site_mapnums": site_numbers(product),
        "source_inchikey": parent["inchikey"],
        "halogens_set": "|".join(own),
        "halogen_counts_json": json.dumps(own, separators=(",", ":")) if own else None,
        "primary_halogen": introduced[0] if introduced else None,
        **{name: properties.value(name, smiles) for name in QUICK},
    }


def halogens(molecule):
    """The atoms of each halogen."""
    symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    return {symbol: symbols.count(symbol) for symbol in HALOGENS}


def site_numbers(product):
    """The map numbers of the site's atoms that the product has."""
    mapped = Chem.MolFromSmiles(product["product_mapped_smiles"])
    present = {atom.GetAtomMapNum() for atom in mapped.GetAtoms()}
    numbers = [index + 1 for index in product["xf_site_atoms"] if index + 1 in present]
    return json.dumps(numbers, separators=(",", ":"))


def mapping_faults(product, parent):
    """Why the mapped SMILES is not the product with the numbers of the parent's atoms. A transform may change the element
    of an atom of its site."""
    mapped = Chem.MolFromSmiles(product["product_mapped_smiles"])
    for atom in mapped.GetAtoms():
        number = atom.GetAtomMapNum()
        is_of_site = number - 1 in product["xf_site_atoms"]
        if number and not is_of_site and parent.GetAtomWithIdx(number - 1).GetAtomicNum() != atom.GetAtomicNum():
            yield f"product_mapped_smiles of {product['product_id']}: {number} is a different element in the parent"
        atom.SetAtomMapNum(0)
    if Chem.CanonSmiles(Chem.MolToSmiles(mapped)) != Chem.CanonSmiles(product["smiles"]):
        yield f"product_mapped_smiles of {product['product_id']} is a different molecule"
