package dev.fleetway.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler;

/** Speed of each tool as a share of the limit, a group of bars per number of pending migrations. */
public final class BarChart {
  private BarChart() {}

  /** Writes the chart as {@code <file>.svg}. */
  public static void write(Summary summary, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(420)
            .title("Tenants per second, as a multiple of raw JDBC")
            .xAxisTitle("pending migrations per tenant")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0);
    for (String tool : summary.tools()) {
      List<Double> shares =
          summary.pending().stream()
              .map(pending -> summary.ratio(tool, pending).orElse(0))
              .toList();
      chart.addSeries(
          tool, summary.pending().stream().map(pending -> pending + " pending").toList(), shares);
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
