"""Reads an SDF with RDKit's own threads: prints the number of molecules and the seconds, as JSON.

    sdf_supplier.py FILE THREADS molecules|smiles

With `smiles`, each molecule's canonical SMILES is written as well, as xform-native does before all else.
"""

import json
import sys
import time

from rdkit import Chem, RDLogger

if __name__ == "__main__":
    path, threads, wanted = sys.argv[1:]
    RDLogger.DisableLog("rdApp.*")
    started = time.perf_counter()
    count = 0
    with Chem.MultithreadedSDMolSupplier(path, numWriterThreads=int(threads)) as molecules:
        for molecule in molecules:
            if molecule is not None:
                count += 1
                if wanted == "smiles":
                    Chem.MolToSmiles(molecule)
    print(json.dumps({"molecules": count, "seconds": time.perf_counter() - started}))
