/** Search by text. */
import type { GalleryMolecule } from './data';

/** What a search looks at: SMILES as they are, because case has a meaning there, names in lower case. */
interface Words {
  smiles: string;
  names: string;
}

/** Whether a molecule, by its position, has every word of the text in an id, a SMILES or its rule. */
export type Search = (position: number) => boolean;

export function searchIn(molecules: readonly GalleryMolecule[]): (text: string) => Search {
  const words = molecules.map(wordsOf);
  return (text) => {
    const wanted = text.split(/\s+/).filter((word) => word !== '');
    const lower = wanted.map((word) => word.toLowerCase());
    return (position) => {
      const { smiles, names } = words[position] as Words;
      return wanted.every((word, index) => smiles.includes(word) || names.includes(lower[index] as string));
    };
  };
}

function wordsOf({ id, smiles, rule, parent }: GalleryMolecule): Words {
  return {
    smiles: `${smiles}\n${parent?.smiles ?? ''}`,
    names: [id, rule, parent?.id].join('\n').toLowerCase(),
  };
}
