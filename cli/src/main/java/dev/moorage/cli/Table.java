package dev.moorage.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns, two spaces apart, as wide as the widest cell; nothing follows the last cell of a line. */
final class Table {

  private static final int GAP = 2;

  private final List<Boolean> rightAligned;
  private final List<List<String>> rows = new ArrayList<>();

  /** A title that begins with {@code >} is a column of numbers, aligned at the right. */
  Table(List<String> titles) {
    rightAligned = titles.stream().map(title -> title.startsWith(">")).toList();
    rows.add(titles.stream().map(title -> title.startsWith(">") ? title.substring(1) : title).toList());
  }

  void row(List<String> cells) {
    if (cells.size() != rightAligned.size()) {
      throw new IllegalArgumentException("BUG: " + cells.size() + " cells for " + rightAligned.size() + " columns");
    }
    rows.add(cells.stream().map(Table::oneLine).toList());
  }

  /** What a cell may hold: a control character could make a line lie. */
  private static String oneLine(String cell) {
    return cell.codePoints().anyMatch(Character::isISOControl) ? cell.replaceAll("\\p{Cntrl}", "?") : cell;
  }

  @Override
  public String toString() {
    int columns = rightAligned.size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(rightAligned.get(i) ? pad + row.get(i) : row.get(i) + pad).append(" ".repeat(GAP));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
