package dev.fleetway.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What help leaves out: options that every command takes are explained once, at the root. */
final class HelpText {
  private HelpText() {}

  /** Applies to this command and all below it. */
  static void shapeAll(CommandLine command) {
    command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
    boolean root = command.getParent() == null;
    if (!root) {
      command
          .getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::ownOptions);
    }
    command.getSubcommands().values().forEach(HelpText::shapeAll);
  }

  private static String ownOptions(Help help) {
    List<OptionSpec> own =
        help.commandSpec().options().stream().filter(option -> !option.inherited()).toList();
    return help.optionListExcludingGroups(own)
        + "\nOptions that every command takes, such as -n and --context: fleetway --help\n";
  }
}
