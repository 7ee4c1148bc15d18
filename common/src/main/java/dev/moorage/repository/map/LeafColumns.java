package dev.moorage.repository.map;

/** One array per property of the present blocks of a leaf, in the order of the slots: 30 bytes per block, and no objects. */
final class LeafColumns {

  final long[] idHigh;
  final long[] idLow;
  final char[] pack;
  final int[] ordinal;
  final int[] offset;
  final int[] sealedLength;

  LeafColumns(int count) {
    idHigh = new long[count];
    idLow = new long[count];
    pack = new char[count];
    ordinal = new int[count];
    offset = new int[count];
    sealedLength = new int[count];
  }

  void copy(int to, LeafColumns from, int at) {
    idHigh[to] = from.idHigh[at];
    idLow[to] = from.idLow[at];
    pack[to] = from.pack[at];
    ordinal[to] = from.ordinal[at];
    offset[to] = from.offset[at];
    sealedLength[to] = from.sealedLength[at];
  }
}
