package dev.moorage.tidy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Reads Java just well enough to tell code from comments and literals, and to see where methods begin and end. */
final class JavaText {

  /** Comments, text blocks, strings and characters, in the order in which they must be tried. */
  private static final Pattern NOT_CODE = Pattern.compile(
      "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'", Pattern.DOTALL);

  private static final Pattern TYPE_HEADER =
      Pattern.compile("\\b(class|interface|enum|record)\\s+\\w+|\\bnew\\s+[\\w.<>, ?]+\\([^{}]*\\)\\s*$", Pattern.DOTALL);

  private JavaText() {}

  /** A member of a type with a body: a method, a constructor, an initialiser. Positions are offsets into the text. */
  record Member(int start, int end) {}

  private record Brace(boolean type, boolean member, int start) {}

  static String blankCommentsAndLiterals(String text) {
    return NOT_CODE.matcher(text).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
  }

  /** The bodies that stand directly in a type, found in code whose comments and literals are blanked. */
  static List<Member> members(String code) {
    List<Member> members = new ArrayList<>();
    Deque<Brace> open = new ArrayDeque<>();
    int headerStart = 0;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c == '{') {
        boolean type = TYPE_HEADER.matcher(code.substring(headerStart, i)).find();
        Brace parent = open.peek();
        open.push(new Brace(type, parent != null && parent.type() && !type, i));
      } else if (c == '}' && !open.isEmpty()) {
        Brace brace = open.pop();
        if (brace.member()) {
          members.add(new Member(brace.start(), i));
        }
      }
      if (c == '{' || c == '}' || c == ';') {
        headerStart = i + 1;
      }
    }
    return members;
  }
}
