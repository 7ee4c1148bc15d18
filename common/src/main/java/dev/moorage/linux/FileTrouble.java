package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What an IOException says, in words for people: several of the JDK's name only the file in their message, and not what is wrong with it. */
public final class FileTrouble {

  private FileTrouble() {}

  /** One sentence without a full stop, never empty. */
  public static String text(IOException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (!(e instanceof FileSystemException trouble) || trouble.getReason() != null) {
      return message;
    }
    return switch (trouble) {
      case NoSuchFileException missing -> "there is no " + message;
      case AccessDeniedException denied -> message + " may not be used by this user";
      case FileAlreadyExistsException there -> message + " is there already";
      case NotDirectoryException file -> message + " is not a directory";
      case DirectoryNotEmptyException full -> message + " is not empty";
      default -> message;
    };
  }
}
