// RDKit's floor: one parse a parent, one SMILES a product. It writes nothing, so there is no set to compare.
import { onBothAllocators } from './cpp.mjs';

export default onBothAllocators({ key: 'floor', title: "RDKit's floor", program: 'floor', set: 'none' });
