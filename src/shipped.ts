/** The rules and the library that are part of the package. */
import { join } from 'node:path';

const inPackage = (...parts: string[]) => join(__dirname, '..', ...parts);

/** The predecessor's transforms. */
export const transformsFile = inPackage('configs', 'transforms.yaml');
/** Common reactions of medicinal chemistry. */
export const medchemFile = inPackage('configs', 'medchem.yaml');
/** 1,000 plant natural products. */
export const plantsFile = inPackage('examples', 'plants-1k.parquet');
