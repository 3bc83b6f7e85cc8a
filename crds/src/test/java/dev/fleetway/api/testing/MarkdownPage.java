package dev.fleetway.api.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;

/** A page of the documentation, for tests that hold it to the code. */
public final class MarkdownPage {
  private final Path file;
  private final Node document;

  /**
   * A fenced block.
   *
   * @param page its file
   * @param section the heading of level 2 above it; empty before the first
   * @param language the first word of its info string; empty without one
   * @param content its lines
   */
  public record Fence(Path page, String section, String language, String content) {}

  private MarkdownPage(Path file, Node document) {
    this.file = file;
    this.document = document;
  }

  /** Reads and parses it. */
  public static MarkdownPage of(Path file) {
    try {
      return new MarkdownPage(file, Parser.builder().build().parse(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All pages for users under the project's directory. */
  public static List<MarkdownPage> allOf(Path project) {
    try (Stream<Path> docs = Files.list(project.resolve("docs"))) {
      return Stream.concat(
              Stream.of(project.resolve("README.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .map(MarkdownPage::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its file. */
  public Path file() {
    return file;
  }

  /** Where its links lead, as they are written. */
  public List<String> links() {
    List<String> found = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            found.add(link.getDestination());
          }

          @Override
          public void visit(Image image) {
            found.add(image.getDestination());
          }
        });
    return found;
  }

  /** The anchors of its headings, as GitHub makes them. */
  public List<String> anchors() {
    return IntStream.rangeClosed(1, 6)
        .boxed()
        .flatMap(level -> headings(level).stream())
        .map(
            heading ->
                heading
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-'))
        .toList();
  }

  /** The texts of the headings of this level, in order. */
  public List<String> headings(int level) {
    List<String> found = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            if (heading.getLevel() == level) {
              found.add(TextContentRenderer.builder().build().render(heading));
            }
          }
        });
    return found;
  }

  /** Its fenced blocks, in order, also those in lists and quotes. */
  public List<Fence> fences() {
    List<Fence> found = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          private String section = "";

          @Override
          public void visit(Heading heading) {
            if (heading.getLevel() == 2) {
              section = TextContentRenderer.builder().build().render(heading);
            }
          }

          @Override
          public void visit(FencedCodeBlock block) {
            String language = block.getInfo().strip().split("\\s+", 2)[0];
            found.add(new Fence(file, section, language, block.getLiteral()));
          }
        });
    return found;
  }

  /** What stands in the font of a keyboard: pieces of a line and whole blocks, in order. */
  public List<String> codes() {
    List<String> found = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Code code) {
            found.add(code.getLiteral());
          }

          @Override
          public void visit(FencedCodeBlock block) {
            found.add(block.getLiteral());
          }
        });
    return found;
  }

  /** Its words, however the lines are broken. */
  public String text() {
    try {
      return Files.readString(file).replaceAll("\\s+", " ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
