// RDKit's floor: one parse per parent, one SMILES per product. It writes nothing, so there is no set to compare.
import { onBothAllocators } from './cpp.mjs';

export default onBothAllocators({ key: 'floor', title: "RDKit's floor", program: 'floor', set: 'none' });
