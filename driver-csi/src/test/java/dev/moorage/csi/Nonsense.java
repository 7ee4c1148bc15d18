package dev.moorage.csi;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Messages of any type, with values that no sane caller would send; the same ones for the same seed. */
final class Nonsense {

  private static final int DEPTH_MAX = 4;

  private final Random random;
  private final List<String> words;

  /** {@code words} are what texts are often taken from, such as handles and paths that mean something. */
  Nonsense(Random random, List<String> words) {
    this.random = random;
    this.words = words;
  }

  DynamicMessage message(Descriptor type) {
    return message(type, 0);
  }

  private DynamicMessage message(Descriptor type, int depth) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (random.nextInt(4) == 0 || (depth >= DEPTH_MAX && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = random.nextInt(3); i > 0; i--) {
          message.addRepeatedField(field, value(field, depth));
        }
      } else {
        message.setField(field, value(field, depth));
      }
    }
    return message.build();
  }

  private Object value(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case STRING -> text();
      case INT -> random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(5);
      case LONG -> switch (random.nextInt(4)) {
        case 0 -> random.nextLong();
        case 1 -> (long) random.nextInt(3);
        case 2 -> Long.MAX_VALUE - random.nextInt(2);
        default -> (1L + random.nextInt(40)) << 20;
      };
      case BOOLEAN -> random.nextBoolean();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(8));
      case BYTE_STRING -> ByteString.copyFrom(text(), StandardCharsets.UTF_8);
      case MESSAGE -> message(field.getMessageType(), depth + 1);
    };
  }

  private String text() {
    return switch (random.nextInt(10)) {
      case 0 -> "";
      case 1 -> "../".repeat(1 + random.nextInt(5)) + "etc";
      case 2 -> "x".repeat(1 + random.nextInt(5000));
      case 3 -> "a\0b\u0007\n'\"$(reboot)";
      case 4 -> "\u202e\u00e4\ud83d\ude00".repeat(1 + random.nextInt(20));
      default -> words.get(random.nextInt(words.size()));
    };
  }

  /** The message's bytes with some of them changed, or cut short. */
  byte[] damaged(Message message) {
    byte[] bytes = message.toByteArray();
    if (bytes.length == 0) {
      return new byte[] {(byte) 0xff};
    }
    for (int i = random.nextInt(1 + bytes.length / 8); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }
}
