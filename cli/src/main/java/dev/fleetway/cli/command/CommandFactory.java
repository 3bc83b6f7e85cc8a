package dev.fleetway.cli.command;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Creates commands with the constructor that takes the session, all else as picocli does. */
public final class CommandFactory implements IFactory {
  private final Session session;
  private final IFactory others = CommandLine.defaultFactory();

  public CommandFactory(Session session) {
    this.session = session;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == Session.class) {
        return create(type, constructor);
      }
    }
    return others.create(type);
  }

  private <K> K create(Class<K> type, Constructor<?> constructor) throws Exception {
    constructor.setAccessible(true);
    try {
      return type.cast(constructor.newInstance(session));
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("a command that cannot be created: " + type, e.getCause());
    }
  }
}
