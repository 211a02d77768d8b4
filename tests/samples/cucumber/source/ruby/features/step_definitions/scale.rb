Given(/^an empty scale$/) { @grams = 0 }
When(/^I lay down (\d+) g$/) do |grams|
  @grams = grams.to_i
  puts "weighed #{grams} g"
end
When(/^I ask for a label$/) { skip_this_scenario('no printer here') }
Then(/^it shows "(.*)"$/) do |text|
  shown = format('%.2f kg', @grams / 1000.0)
  raise "expected #{text}, it shows #{shown}" unless shown == text
end
After { |scenario| embed(['scale ' + scenario.status.to_s].pack('m0'), 'text/plain;base64', 'Scale') }
