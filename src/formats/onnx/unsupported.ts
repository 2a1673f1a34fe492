/** Why a node cannot be expressed as layers: it becomes an opaque layer with this reason. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}
