/** Reads the data of the page: JSON, gzipped, in base64. */
export async function readData<T>(): Promise<T> {
  const place = document.getElementById('data');
  if (!place) throw new Error('The page has no data. Write it again with xform-native.');
  if (typeof DecompressionStream === 'undefined') {
    throw new Error('This browser is too old to unpack the page. Use a browser of 2023 or newer.');
  }
  const text = atob(place.textContent ?? '');
  place.remove();
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return (await new Response(unpacked).json()) as T;
  } catch {
    throw new Error('The data of the page are damaged or truncated. Write the page again with xform-native.');
  }
}
