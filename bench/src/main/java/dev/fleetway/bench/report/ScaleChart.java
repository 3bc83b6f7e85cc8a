package dev.fleetway.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler;

/** What a cohort costs beyond its tenants, a group of bars per size of the fleet. */
public final class ScaleChart {
  private ScaleChart() {}

  /** Writes the chart as {@code <file>.svg}. */
  public static void write(ScaleReport report, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(420)
            .title("Milliseconds per cohort of 100 beyond its tenants")
            .xAxisTitle("tenants")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0);
    for (boolean gate : new boolean[] {false, true}) {
      List<ScaleMeasurement> measured = report.with(gate);
      if (!measured.isEmpty()) {
        String suffix = gate ? ", gate" : "";
        add(chart, "overhead" + suffix, measured, m -> m.overheadSecondsPerCohort() * 1000);
        add(chart, "close lag p99" + suffix, measured, ScaleMeasurement::closeLagP99Millis);
      }
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }

  private static void add(
      CategoryChart chart,
      String name,
      List<ScaleMeasurement> measured,
      ToDoubleFunction<ScaleMeasurement> value) {
    chart.addSeries(
        name,
        measured.stream().map(m -> String.format(Locale.ROOT, "%,d", m.tenants())).toList(),
        measured.stream().map(value::applyAsDouble).toList());
  }
}
